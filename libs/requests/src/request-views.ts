import type { NamedDecider } from '#coordinators';
import type { Location, PlacedLocation } from '#sites';
import type { LineTerms } from './line-terms.js';
import type { LineStatus } from './permission-request.js';

/** A thing of the catalogue with the name people read. */
export interface Named {
  code: string;
  name: string;
}

/** One permission of a request in a list. */
export interface LineSummary {
  id: string;
  application: Named;
  role: Named;
  place: PlacedLocation;
  permission: Named;
  status: LineStatus;
  decidedAt?: Date;
  /** Open, and waits for an answer of the requester: to a question, or to an offer of less. */
  asked: boolean;
}

/** A request in the requester's list. */
export interface RequestSummary {
  id: string;
  reference: string;
  submittedAt: Date;
  lines: LineSummary[];
}

/** A request that waits for a coordinator; `lines` are those that wait for this one. */
export interface WaitingItem extends RequestSummary {
  /** The person who asks. */
  staffMemberId: string;
  /** Name of the person who asks. */
  requester: string;
  /** What a coordinator who decides sends back. */
  version: number;
  /** 'YYYY-MM-DD': the first of them is to be decided by then. */
  dueDay: string;
  /** That day is over. */
  overdue: boolean;
}

/** What a coordinator looks for in the waiting list; each part narrows it. */
export interface WaitingFilter {
  /** In the reference or the name of the person who asks; case and accents do not matter. */
  text?: string;
  /** Code. */
  application?: string;
  siteCode?: string;
  olderThanDays?: number;
  /** Who asks. */
  staffMemberId?: string;
  /** Only what waits for an answer of the person who asks, or only what does not. */
  asked?: boolean;
}

/** How many requests wait at a place. */
export interface PlaceLoad extends Location {
  open: number;
}

/** What waits somewhere: how many requests, and since when the oldest. */
export interface Load {
  open: number;
  oldest: Date;
}

/** Open requests that were sent so many days ago. */
export interface AgeFigure {
  fromDays: number;
  /** Absent: and more. */
  toDays?: number;
  open: number;
}

/** Permissions decided in a week. */
export interface WeekFigure {
  /** 'YYYY-MM-DD', its Monday. */
  week: string;
  approved: number;
  rejected: number;
}

/** How long decisions took, in days. */
export interface TimeFigure {
  /** Name of the school system; empty for all of them. */
  name: string;
  /** Permissions decided. */
  decided: number;
  /** Half of them took at most this long. */
  half: number;
  /** Nine in ten took at most this long. */
  most: number;
}

/** What charts show of requests somebody looks after. */
export interface DecisionFigures {
  /** 'YYYY-MM-DD': what was decided from that day on is counted. */
  sinceDay: string;
  /** Of the whole state. */
  everywhere: boolean;
  ages: AgeFigure[];
  weeks: WeekFigure[];
  all: TimeFigure;
  /** Those that take longest, the slowest first. */
  systems: TimeFigure[];
}

/** When and to whom lines of a request were routed. */
export interface RouteMoment {
  at: Date;
  /** What changed, in a sentence; empty when the request was made. */
  cause: string;
  /** To whom, and what of it. */
  ways: RouteWay[];
}

/** Lines that went to the same people. */
export interface RouteWay {
  lineIds: string[];
  deciders: NamedDecider[];
  stateDesk: boolean;
}

/** A coordinator offers to make the request one for the whole school system. */
export interface SuggestionView {
  id: string;
  system: Named;
  /** Name of the coordinator. */
  by: string;
  at: Date;
  note?: string;
  status: 'open' | 'accepted' | 'declined';
  answeredAt?: Date;
  /** The request an accepted one became. */
  requestId?: string;
}

/** Whoever decides asks the requester back. */
export interface QuestionView {
  id: string;
  /** Name of who asks. */
  by: string;
  question: string;
  askedAt: Date;
  /** Those of the view it is about. */
  lineIds: string[];
  answer?: string;
  answeredAt?: Date;
  /** It waits for the requester's answer. */
  open: boolean;
}

/** People were reminded of lines. */
export interface ReminderMoment {
  at: Date;
  lineIds: string[];
  /** The requester, of a missing answer; otherwise whom the lines waited for. */
  requester: boolean;
}

/** What to say about a place before anything is asked for there. */
export interface PlaceAdvice {
  /** The person is employed, but not there: names of the places the person is employed at. */
  employedAt?: string[];
  /** The place comes with the school system the person works for; asking for the whole system is better. */
  comesWith?: PlacedLocation;
}

/** When an open line is due; days are 'YYYY-MM-DD'. */
export interface LineDue {
  /** The last day on which it is decided in time, by the working days of the school system. */
  dueDay: string;
  /** That day is over. */
  overdue: boolean;
  /** The day on which it is closed undecided. */
  expiryDay: string;
  /** An answer of the requester is missing: nobody is late, and `dueDay` says nothing. */
  asked: boolean;
}

/** The time of an open line. */
export interface LineTime extends LineDue {
  /** When it went to those it waits for now. */
  heldSince: Date;
}

/** One of several who approve a line one after the other. */
export interface StepView {
  /** Counted from 1. */
  step: number;
  /** Who decides it, such as "Special Education Supervisor". */
  by: string;
  state: 'approved' | 'rejected' | 'waits' | 'later';
  /** Name. */
  decidedBy?: string;
  decidedAt?: Date;
  /** What was said with it. */
  reason?: string;
}

/** One permission on the page of a request. */
export interface LineView extends LineSummary, LineTerms {
  /** Who may decide it, as it was found last. */
  deciders: NamedDecider[];
  /** It waits at the state desk. */
  stateDesk: boolean;
  /** Why they. */
  reasons: string[];
  /** Name of the coordinator who decided. */
  decidedBy?: string;
  /** The coordinator's reason. */
  reason?: string;
  /** While it is open. */
  time?: LineTime;
  /** Where more than one approves it. */
  steps?: StepView[];
  /** It is open, and whoever looks may decide it now. */
  mayDecide: boolean;
}

export interface NoteView {
  author: string;
  text: string;
  writtenAt: Date;
  /** Written by whoever looks. */
  own: boolean;
}

/** A request as its requester and those who may decide it see it. */
export interface RequestView extends RequestSummary {
  /** What the coordinator decides; sent back with the decision. */
  version: number;
  why?: string;
  /** Name of the coordinator who entered it on behalf of the person, who confirmed it. */
  enteredBy?: string;
  /** The person agreed beforehand to less than was asked for. */
  mayNarrow: boolean;
  requester: {
    staffMemberId: string;
    name: string;
    staffId: string;
    employments: { site: string; siteCode: string; position: string; from: string; to?: string }[];
  };
  /** All, for the person who asked; those one may decide, for a coordinator. */
  lines: LineView[];
  /** How many more lines there are, which others decide. */
  others: number;
  notes: NoteView[];
  /** Whether whoever looks asked for it himself. */
  own: boolean;
  /** There is something open, and whoever looks may decide it. */
  mayDecide: boolean;
  /** There is something open, and whoever looks may withdraw it. */
  mayWithdraw: boolean;
  /** There is something open about which no question is, and whoever looks may ask. */
  mayAsk: boolean;
  /** To whom it went, when and why; in order. */
  history: RouteMoment[];
  /** What was asked back, in order. */
  questions: QuestionView[];
  /** Who was reminded and when, in order. */
  reminders: ReminderMoment[];
  /** The last offer to ask for the whole school system; the requester answers an open one. */
  suggestion?: SuggestionView;
  /** The school system whoever looks may offer in place of the site. */
  maySuggest?: Named;
  /** The request this one was made from. */
  replaces?: { id: string; reference: string };
  /** Those that were made from this one. */
  replacedBy: { id: string; reference: string }[];
  /** Something of it came to nothing, and whoever looks may ask for that again. */
  mayAskAgain: boolean;
}
