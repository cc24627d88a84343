/** Who acts: the first argument of every verb, never ambient. */
export interface Actor {
  /** Absent: nobody is signed in, or the system itself acts. */
  accountId?: string;
  /** The door the act came through. */
  client: 'portal' | 'issuer' | 'eser' | 'jobs';
  /** SHA-256 of the session id, hex; ties audit rows of one session together without holding the session. */
  session?: string;
  /** Source address as seen from the configured proxy hop. */
  address?: string;
}

/** A person who is signed in. */
export type SignedIn = Actor & { accountId: string };

/** The system itself: jobs and commands run by an operator. */
export const systemActor: Actor = { client: 'jobs' };
