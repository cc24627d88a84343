import type { Reach } from '#coordinators';

/** A list too long for one page, cut; `total` counts all of it. */
export interface CoverageList<T> {
  items: T[];
  total: number;
  /** From 1. */
  page: number;
  pages: number;
}

/** What a list is narrowed to; everything absent: its first page. */
export interface CoverageFilter {
  /** Words of names or codes. */
  text?: string;
  /** One school system. */
  systemCode?: string;
  /** In the picture of a system: only these of its sites. */
  siteCodes?: string[];
  /** From 1. */
  page?: number;
}

/** A system or a site in a list. */
export interface NamedPlace {
  code: string;
  name: string;
}

/** The state office's numbers of a day. */
export interface CoverageNumbers {
  /** 'YYYY-MM-DD' */
  day: string;
  /** Open school systems and sites. */
  systems: number;
  sites: number;
  /** People who are coordinators, of whatever kind. */
  coordinators: number;
  /** Systems with nobody who can decide for the whole system and every application. */
  withoutCoordinator: number;
  /** Systems with exactly one such person. */
  single: number;
  /** Pairs of a system and an application that nobody but the state can decide. */
  onlyState: number;
  /** Open nonpublic and early-childhood schools and centers that no public system is on record as serving; no offices. */
  unserved: number;
  /** People with an assignment in force whose statement is not signed. */
  unsigned: number;
}

/** Somebody who heads a system. */
export interface HeadView {
  staffMemberId: string;
  name: string;
  title: string;
}

/** A system nobody can decide for as a whole. */
export interface VacantSystem {
  system: NamedPlace;
  /** The last day a coordinator of the whole system was in office, exclusive; absent: there never was one. */
  sinceDay?: string;
  heads: HeadView[];
  /** The state desk decides there in their place. */
  takenOver: boolean;
  /** Coordinators who are named but cannot decide, and why. */
  hindered: { name: string; hindrance: 'cannot-sign-in' | 'unsigned' }[];
}

/** A system that hangs on one person. */
export interface SingleSystem {
  system: NamedPlace;
  coordinator: CoordinatorView;
  /** When the person is away and who stands in, now or to come, soonest first. */
  covers: PictureCover[];
}

/** A system with the applications that nobody but the state can decide there. */
export interface ApplicationGap {
  system: NamedPlace;
  /** Names of the applications. */
  applications: string[];
}

/** A site that no public system serves on record. */
export interface UnservedSite {
  site: NamedPlace;
  /** In people's words: 'Nonpublic'. */
  kind: string;
  owner: NamedPlace;
}

/**
 * One assignment in force, with what waits for the person. In lists, those of one person for the same places and days that
 * differ in their application only are one.
 */
export interface CoordinatorView {
  coordinatorId: string;
  staffMemberId: string;
  name: string;
  reach: Reach;
  /** Absent: the state. */
  system?: NamedPlace;
  /** How many sites a site or group assignment holds. */
  sites: number;
  /** Name of the application it is limited to: "SER"; of several in one: "SER and SER IEP Form". */
  application?: string;
  /** Each of several in one, with the name of its application; the first has the id above. */
  assignments?: { coordinatorId: string; application: string }[];
  /** 'YYYY-MM-DD' */
  sinceDay: string;
  /** First day no longer. */
  untilDay?: string;
  hindrance?: 'cannot-sign-in' | 'unsigned';
  /** Open requests that wait for the person, by whatever assignment, and when the oldest was submitted. */
  open: number;
  oldest?: Date;
}

/** One assignment on a page of its own. */
export interface AssignmentView extends CoordinatorView {
  /** Its sites in order of names, at most 50. */
  siteList: NamedPlace[];
  /** 'YYYY-MM-DD'; absent while it goes on. */
  endedOn?: string;
  endedReason?: string;
}

/** Who decides at some place for some applications. */
export interface PlaceDeciders {
  /** Names of the applications; absent: all of them. */
  applications?: string[];
  deciders: FoundCoordinator[];
  /** The state desk decides. */
  stateDesk: boolean;
}

/** A person who decides somewhere today. */
export interface FoundCoordinator {
  staffMemberId: string;
  name: string;
  reach: Reach;
  /** Name of the application the assignment is limited to; of several in one: "SER and SER IEP Form". */
  application?: string;
  /** Coordinator since, 'YYYY-MM-DD'; absent for a cover. */
  sinceDay?: string;
  /** Stands in for this person. */
  coversFor?: string;
  /** Cover until, first day no longer. */
  untilDay?: string;
}

/** A site in the picture of a system. */
export interface PictureSite {
  site: NamedPlace;
  /** In people's words: 'School'. */
  kind: string;
  /** Owned by the system, served by it, or both. */
  owned: boolean;
  served: boolean;
  /** The owner of a site that is only served. */
  owner?: NamedPlace;
  deciders: PlaceDeciders[];
}

/** A group of sites with a coordinator. */
export interface PictureGroup {
  coordinators: CoordinatorView[];
  sites: NamedPlace[];
}

/** A cover in force or to come. */
export interface PictureCover {
  name: string;
  coversFor: string;
  /** Name of the application; absent: all. */
  application?: string;
  /** Absent: everything the other one decides. */
  sites?: number;
  fromDay: string;
  toDay: string;
}

/** A school system at a glance. */
export interface SystemPicture {
  system: NamedPlace;
  /** In people's words: 'Parish school system'. */
  kind: string;
  open: boolean;
  day: string;
  heads: HeadView[];
  coordinators: CoordinatorView[];
  groups: PictureGroup[];
  covers: PictureCover[];
  /** Who decides when all its sites are asked for. */
  whole: PlaceDeciders[];
  /** A page of its sites in order of names. */
  sites: CoverageList<PictureSite>;
  /** The state desk decides in place of a coordinator who is missing. */
  takenOver: boolean;
}
