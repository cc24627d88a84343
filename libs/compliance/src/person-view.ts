import type { PastGrant } from '#grants';
import type { RequestSummary } from '#requests';
import type { Delivery } from '#signals';
import type { EndedThing } from './departure.js';

/** A person as those who look after access see one: only what lies within their scope. */
export interface PersonView {
  staffMemberId: string;
  name: string;
  /** 10 digits. */
  staffId: string;
  employments: PersonEmployment[];
  /** What the person has, and may use today or later. */
  access: PersonAccess[];
  /** What the person had in the last two years. */
  past: PersonAccess[];
  requests: RequestSummary[];
  /** Latest first. */
  departures: DepartureView[];
  /** Whether the reader may end the employment, and where: names of sites, or everywhere. */
  mayEnd?: string[] | 'everywhere';
  /** The reader is this person. */
  own: boolean;
}

export interface PersonEmployment {
  site: string;
  position: string;
  /** 'YYYY-MM-DD' */
  from: string;
  /** The last day. */
  to?: string;
  /** It has ended. */
  over: boolean;
}

/** A permission of a person in words. */
export interface PersonAccess extends Pick<PastGrant, 'grantId' | 'fromAt' | 'toAt' | 'state' | 'cause' | 'reason'> {
  application: string;
  permission: string;
  place: string;
}

export interface DepartureView {
  id: string;
  /** 'YYYY-MM-DD', the first day no longer employed. */
  day: string;
  leftAt: Date;
  reason: string;
  /** Name; absent where a staff file or an operator said so. */
  by?: string;
  ended: EndedThing[];
  /** There may be more that ended where others decide. */
  partial: boolean;
  /** What applications were told of it. */
  told: Delivery[];
}
