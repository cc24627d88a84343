import { laterDay } from './days.js';

/*
 * The model's idea of the world: a few people, places, duties, requests and grants, as plain data with short names. It knows
 * nothing of the product's code; the rules are read from docs/routing.md and the verbs' own descriptions.
 */

export interface ModelPerson {
  /** The account can sign in. */
  open: boolean;
  /** Works at this site. */
  employedAt?: string;
  /** The first day the coordinators' statement is no longer in force. */
  signedUntil?: string;
}

export interface ModelSeat {
  person: string;
  reach: 'site' | 'system' | 'state';
  /** Absent for the state. */
  system?: string;
  site?: string;
  application?: string;
  /** The first day no longer. */
  to?: string;
  ended: boolean;
}

export interface Cover {
  seat: string;
  person: string;
  /** Only for this site. */
  site?: string;
  from: string;
  to: string;
  ended: boolean;
}

export interface ModelLine {
  application: string;
  role: string;
  permission: string;
  place: string;
  /** The first day no longer, where it is asked for until then. */
  to?: string;
  /** The grant it asks to keep longer. */
  extends?: string;
  status: string;
  /** The version of the request that settled it. */
  settled?: number;
  decidedBy?: string;
  /** Less was offered, and waits for the requester. */
  offer?: { by: string; version: number };
  /** A question about it waits for the requester. */
  asked?: string;
  /** The version with which one was answered last. */
  answered?: number;
  /** Everybody it was ever routed to. */
  routed: string[];
  deciders: string[];
  desk: boolean;
}

export interface ModelRequest {
  person: string;
  /** Who entered it on behalf of the person. */
  enteredBy?: string;
  /** Agrees beforehand to less. */
  mayNarrow: boolean;
  version: number;
  lines: ModelLine[];
}

export interface ModelGrant {
  person: string;
  application: string;
  role: string;
  permission: string;
  place: string;
  /** The system that answered for the place when it was given. */
  system: string;
  /** The first day no longer. */
  to?: string;
  state: 'active' | 'suspended' | 'ended';
}

/** What is asked for: permissions of one role of an application, at one place. */
export interface ModelWish {
  application: string;
  role: string;
  permissions: readonly string[];
  place: string;
  /** The first day no longer. */
  to?: string;
}

export interface ModelProposal {
  by: string;
  person: string;
  wish: ModelWish;
  status: 'open' | 'confirmed' | 'declined' | 'withdrawn';
}

/** Everything, by name. A grant has the name of its line: `3.0` is the first line of the request that command 3 made. */
export interface World {
  day: string;
  people: Record<string, ModelPerson>;
  sites: Record<string, { system: string; open: boolean }>;
  takenOver: string[];
  seats: Record<string, ModelSeat>;
  covers: Record<string, Cover>;
  requests: Record<string, ModelRequest>;
  grants: Record<string, ModelGrant>;
  /** What became of each offer, by line and version, such as `3.0@2`. */
  offers: Record<string, { by: string; answer?: 'accepted' | 'declined' | 'replaced' }>;
  /** Questions, each with its request and whether it was answered. */
  questions: Record<string, { request: string; answered: boolean }>;
  /** What coordinators entered on behalf of people. */
  proposals: Record<string, ModelProposal>;
}

/** The world every sequence begins in: two systems, three sites, eight people. */
export const firstWorld = (day: string): World => ({
  day,
  people: {
    t1: { open: true, employedAt: 'A1' },
    t2: { open: true, employedAt: 'A2' },
    n1: { open: true, signedUntil: laterDay(day, 300) },
    a1: { open: true, signedUntil: laterDay(day, 300) },
    a2: { open: true, signedUntil: laterDay(day, 2) },
    x1: { open: true, signedUntil: laterDay(day, 1) },
    b1: { open: true, signedUntil: laterDay(day, 300) },
    desk: { open: true, signedUntil: laterDay(day, 300) },
  },
  sites: {
    A1: { system: 'A', open: true },
    A2: { system: 'A', open: true },
    B1: { system: 'B', open: true },
  },
  takenOver: [],
  seats: {
    n1: { person: 'n1', reach: 'site', system: 'A', site: 'A1', ended: false },
    a1: { person: 'a1', reach: 'system', system: 'A', ended: false },
    a2: { person: 'a2', reach: 'system', system: 'A', ended: false },
    x1: { person: 'x1', reach: 'system', system: 'A', application: 'ser', ended: false },
    b1: { person: 'b1', reach: 'system', system: 'B', ended: false },
    desk: { person: 'desk', reach: 'state', ended: false },
  },
  covers: {},
  requests: {},
  grants: {},
  offers: {},
  questions: {},
  proposals: {},
});

/** A place is a site, or a school system as a whole. */
export const isSite = (place: string): boolean => place.length > 1;

/** The system that answers for a place. */
export const systemOf = (world: World, place: string): string => world.sites[place]?.system ?? place;

/** Schools may be closed; systems never are here. */
export const isOpen = (world: World, place: string): boolean => world.sites[place]?.open ?? true;

export const isSigned = ({ people, day }: World, person: string): boolean => (people[person]!.signedUntil ?? '') > day;

export const inForce = ({ day }: World, { ended, to }: ModelSeat): boolean => !ended && (to === undefined || to > day);

export const covering = ({ day }: World, { ended, from, to }: Cover): boolean => !ended && from <= day && to > day;

/** Whether a system has a coordinator for all of it in office. */
export const isLed = (world: World, system: string): boolean =>
  Object.values(world.seats).some(
    (seat) => seat.reach === 'system' && seat.system === system && !seat.application && inForce(world, seat),
  );
