import type { JWTPayload } from 'jose';
import { GuardRefusal } from './refusal.js';

/** A person's session ended at the issuer (OpenID Connect Back-Channel Logout 1.0). End yours. */
export interface ReceivedLogout {
  subject: string;
  /** The session as the ID token named it (`sid`); absent: all sessions of the person. */
  sid?: string;
}

/** What happened to a person's access (CAEP). */
export interface ReceivedEvent extends ReceivedLogout {
  kind: 'session-revoked' | 'token-claims-change';
  happenedAt: Date;
}

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';
const caep = 'https://schemas.openid.net/secevent/caep/event-type/';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string' && value.length > 0;
const refuse = (): never => {
  throw new GuardRefusal('token.wrong-claims');
};

/** The claims of a verified logout token. @throws GuardRefusal when they are not those of one */
export function readLogout({ sub, sid, events, nonce }: JWTPayload): ReceivedLogout {
  const isLogout = isRecord(events) && isRecord(events[logoutEvent]);
  if (!isLogout || nonce !== undefined || !isText(sub) || (sid !== undefined && !isText(sid))) return refuse();
  return { subject: sub, ...(sid !== undefined && { sid }) };
}

/** The claims of a verified Security Event Token. @throws GuardRefusal when it is about something else */
export function readEvent({ sub_id: about, events, exp }: JWTPayload, issuer: string): ReceivedEvent {
  const [[name, event] = [], ...others] = isRecord(events) ? Object.entries(events) : [];
  const kind = (['session-revoked', 'token-claims-change'] as const).find((one) => name === `${caep}${one}`);
  const happened = isRecord(event) ? event.event_timestamp : undefined;
  if (!kind || others.length || exp !== undefined || typeof happened !== 'number') return refuse();
  return { kind, happenedAt: new Date(happened * 1000), ...subjectOf(about, issuer) };
}

/** Subject identifiers (RFC 9493): the person, or the person and one session. */
function subjectOf(about: unknown, issuer: string): ReceivedLogout {
  if (!isRecord(about)) return refuse();
  if (about.format === 'complex') {
    const { user, session } = about;
    const { subject, sid: nested } = subjectOf(user, issuer);
    if (nested !== undefined || !isRecord(session) || session.format !== 'opaque' || !isText(session.id))
      return refuse();
    return { subject, sid: session.id };
  }
  if (about.format !== 'iss_sub' || about.iss !== issuer || !isText(about.sub)) return refuse();
  return { subject: about.sub };
}
