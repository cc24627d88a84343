import type { MessageKind } from '#notifications';

/** What people are told about their Staff ID. `staffIdEnd` is its last four digits. */
export const staffMessages = (portal: string): MessageKind[] => [
  {
    name: 'staff.linked',
    word: ({ facts }) => ({
      subject: 'Your account is linked to your Staff ID',
      paragraphs: [
        `Your account is now linked to the Staff ID that ends in ${facts.staffIdEnd}. You can request permissions now.`,
        'If you did not do this, tell the state office at once.',
      ],
      action: { label: 'Request permission', address: `${portal}/requests/new` },
    }),
  },
  {
    name: 'staff.dispute-opened',
    word: ({ facts }) => ({
      subject: 'Somebody else claims your Staff ID',
      paragraphs: [
        `Somebody with another account gave the name and birth date that belong to the Staff ID ending in ${facts.staffIdEnd}, which your account is linked to.`,
        'Nothing has changed: the Staff ID stays with your account. The state office looks into it and may write to you.',
        'If the other account is yours too, keep using this one.',
      ],
      action: { label: 'Look at your home page', address: portal },
    }),
  },
  {
    name: 'staff.dispute-closed',
    word: ({ facts }) => ({
      subject: 'The question about a Staff ID is settled',
      paragraphs: [
        `The state office looked at the two accounts that claim the Staff ID ending in ${facts.staffIdEnd}.`,
        outcomes[facts.outcome ?? ''] ?? '',
      ],
      action: { label: 'Go to your home page', address: portal },
    }),
  },
];

/** By outcome and by whom it is told to. */
const outcomes: Record<string, string> = {
  'holder-keeps to holder': 'It stays linked to your account. You need do nothing.',
  'holder-keeps to claimant':
    'It stays linked to the other account. If that account is yours, sign in with it; if you still think this is wrong, write to the state office.',
  'holder-unlinked to holder':
    'It is no longer linked to your account, and you were signed out. If you think this is wrong, write to the state office.',
  'holder-unlinked to claimant': 'It is free now. Link it to your account with your name and birth date.',
};
