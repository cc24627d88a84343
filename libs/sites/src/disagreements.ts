import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Actor } from '#kernel';
import type { Location } from './location.js';
import type { RegisterField } from './register-sources.js';

/** What a source says otherwise than the register. */
export interface DisagreementView extends Location {
  id: string;
  /** The place as the register calls it. */
  name: string;
  field: RegisterField;
  source: { code: string; name: string };
  /** A value as the register has it; for parents and serving systems a code. */
  registerValue?: string;
  sourceValue?: string;
  /** Names of the systems, where values are codes. */
  registerLabel?: string;
  sourceLabel?: string;
  /** 'YYYY-MM-DD' */
  firstSeen: string;
  lastSeen: string;
  settled?: { at: Date; by?: string; outcome: 'register' | 'source' | 'agreed'; note?: string };
}

export interface Settlement {
  outcome: 'register' | 'source';
  /** Why; plain text of at most 500 characters. */
  note?: string;
  /** The first day the source's value holds; today when absent. */
  effectiveDay?: string;
}

/** Where sources say otherwise than the register, to be settled by the state office. Says not who may. */
@Injectable()
export class Disagreements {
  constructor(private readonly em: EntityManager) {}

  /** Open ones by place (default), or settled ones, newest first; at most 500. */
  async list(settled = false): Promise<DisagreementView[]> {
    throw new Error(`not there yet ${settled} ${!!this.em}`);
  }

  /** How many wait. */
  async count(): Promise<number> {
    throw new Error('not there yet');
  }

  /**
   * Says who is right. For the source, its value is written from a day on, and the register's own file changes it back no more.
   * The caller holds the routing.
   * @throws sites.unknown-disagreement (404), sites.settled-already (409), sites.wrong-day (422), sites.bad-note (422)
   */
  async settle(actor: Actor, id: string, how: Settlement): Promise<void> {
    throw new Error(`not there yet ${actor.client} ${id} ${how.outcome}`);
  }
}
