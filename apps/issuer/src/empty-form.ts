import { kernelProblems } from '#kernel';

/** For forms that are a button only: any field in them is none of ours (IN-1). @throws Problem 400 */
export function expectNoFields(body: unknown): void {
  if (Object.keys((body ?? {}) as object).some((name) => name !== '_token')) {
    throw kernelProblems.badInput(
      'The form held a field it should not have. Load the page again and send it once more.',
    );
  }
}
