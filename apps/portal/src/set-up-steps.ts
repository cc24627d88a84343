/** The way from a user name to access, as the step indicator shows it. */
export const setUpSteps = ['Username', 'Staff ID', 'Request', 'Approved'];

/** What a person has done so far. */
export interface SetUp {
  linked: boolean;
  /** Has asked for something that is pending or was decided. */
  asked: boolean;
  /** Holds a permission now. */
  granted: boolean;
}

/** The step a person is at: the first that is not done; 4 when all are. */
export const stepOf = ({ linked, asked, granted }: SetUp): number => (granted ? 4 : asked ? 3 : linked ? 2 : 1);
