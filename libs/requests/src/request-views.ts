import type { NamedDecider } from '#coordinators';
import type { PlacedLocation } from '#sites';
import type { LineStatus } from './permission-request.js';

/** A thing of the catalogue with the name people read. */
export interface Named {
  code: string;
  name: string;
}

/** One permission of a request in a list. */
export interface LineSummary {
  id: string;
  permission: Named;
  status: LineStatus;
  decidedAt?: Date;
}

/** A request in the requester's list. */
export interface RequestSummary {
  id: string;
  reference: string;
  submittedAt: Date;
  application: Named;
  role: Named;
  place: PlacedLocation;
  lines: LineSummary[];
}

/** A request that waits for a coordinator. */
export interface WaitingItem extends RequestSummary {
  /** Name of the person who asks. */
  requester: string;
  /** The lines that wait for this coordinator; `lines` holds all. */
  waiting: number;
}

/** One permission on the page of a request. */
export interface LineView extends LineSummary {
  /** Who may decide it, as it was found when it was asked for. */
  deciders: NamedDecider[];
  /** It waits at the state desk. */
  stateDesk: boolean;
  /** Why they. */
  reasons: string[];
  /** Name of the coordinator who decided. */
  decidedBy?: string;
  /** The coordinator's reason. */
  reason?: string;
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
  requester: {
    name: string;
    staffId: string;
    employments: { site: string; siteCode: string; position: string; from: string; to?: string }[];
  };
  lines: LineView[];
  notes: NoteView[];
  /** Whether whoever looks asked for it himself. */
  own: boolean;
  /** There is something open, and whoever looks may decide it. */
  mayDecide: boolean;
  /** There is something open, and whoever looks may withdraw it. */
  mayWithdraw: boolean;
}
