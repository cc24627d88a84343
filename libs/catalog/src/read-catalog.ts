import { type Document, parseDocument } from 'yaml';
import {
  type Application,
  type ApprovalStep,
  approvalSteps,
  type DutyConflict,
  type Permission,
  type Role,
} from './application.js';

/** Thrown with one line for each fault of the catalogue, so that an editor mends them in one round. */
export class CatalogFault extends Error {
  constructor(readonly faults: string[]) {
    super(`config/catalog/applications.yaml needs attention:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

type Entry = Record<string, unknown>;
const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads the catalogue.
 * @param text YAML
 * @throws CatalogFault naming every fault: unknown keys, missing names, doubled codes, empty roles
 */
export function readCatalog(text: string): Application[] {
  const document = parseDocument(text, { uniqueKeys: true });
  if (document.errors.length) throw new CatalogFault(document.errors.map((error) => error.message.split('\n')[0]!));
  const reader = new Reader();
  const root = plain(document);
  const applications = isEntry(root) ? reader.applications(root) : [];
  if (!isEntry(root)) reader.faults.push('the file must hold a list named applications');
  if (reader.faults.length) throw new CatalogFault(reader.faults);
  return applications;
}

function plain(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    throw new CatalogFault(['anchors and aliases (& and *) cannot be used here; write the entry out']);
  }
}

/** Codes of what the roles of an application hold, as far as they can be read. */
const permissionCodes = (roles: unknown): unknown[] => {
  const entries = (list: unknown): Entry[] => (Array.isArray(list) ? list.filter(isEntry) : []);
  return entries(roles).flatMap((role) => entries(role.permissions).map(({ code }) => code));
};

/** Walks the file once and collects what is wrong; `at` names the place in codes, as an editor looks for it. */
class Reader {
  readonly faults: string[] = [];

  applications(root: Entry): Application[] {
    this.keys(root, 'the file', ['applications']);
    return this.list(root.applications, 'applications', 'the file', (entry, at) => ({
      ...this.named(entry, at, [
        'levels',
        'roles',
        'requestable',
        'servedSites',
        'restsUnused',
        'placeHint',
        'conflicts',
        'approval',
      ]),
      ...(entry.placeHint !== undefined && { placeHint: this.words(entry.placeHint, 'placeHint', at) }),
      levels: this.levels(entry.levels, at),
      servedSites: this.yes(entry.servedSites, 'servedSites', at, false),
      restsUnused: this.yes(entry.restsUnused, 'restsUnused', at, false),
      requestable: this.yes(entry.requestable, 'requestable', at, true),
      approval: this.approval(entry.approval, at) ?? ['coordinator'],
      roles: this.roles(entry, at),
      conflicts: this.conflicts(entry, at),
    }));
  }

  /** A list of different steps in their order, with the coordinators among them; undefined when there is none. */
  private approval(value: unknown, at: string): ApprovalStep[] | undefined {
    if (value === undefined) return undefined;
    const places = Array.isArray(value) ? value.map((one) => approvalSteps.indexOf(one as ApprovalStep)) : [];
    const ordered = places.every((place, index) => place >= 0 && place > (places[index - 1] ?? -1));
    if (ordered && places.includes(approvalSteps.indexOf('coordinator'))) return value as ApprovalStep[];
    this.faults.push(
      `${at}: approval must be a list with coordinator in it, of ${approvalSteps.join(', ')} in this order`,
    );
    return undefined;
  }

  private conflicts({ conflicts = [], roles }: Entry, at: string): DutyConflict[] {
    if (!Array.isArray(conflicts)) {
      this.faults.push(`${at}: conflicts must be a list`);
      return [];
    }
    const offered = permissionCodes(roles);
    return conflicts.map((value: unknown, index) => {
      const place = `${at} conflicts entry ${index + 1}`;
      const entry = isEntry(value) ? value : {};
      this.keys(entry, place, ['permissions', 'where', 'effect', 'because']);
      const { permissions, where, effect } = entry;
      const two = Array.isArray(permissions) && permissions.length === 2 && permissions[0] !== permissions[1];
      if (!two || !permissions.every((code) => offered.includes(code)))
        this.faults.push(`${place}: permissions must be two different permissions of this application`);
      if (where !== 'same-site' && where !== 'same-system')
        this.faults.push(`${place}: where must be same-site or same-system`);
      if (effect !== 'warn' && effect !== 'forbid') this.faults.push(`${place}: effect must be warn or forbid`);
      return { permissions, where, effect, because: this.words(entry.because, 'because', place) } as DutyConflict;
    });
  }

  private roles(application: Entry, at: string): Role[] {
    const roles = this.list(application.roles, 'roles', at, (entry, place) => ({
      ...this.named(entry, place, ['permissions', 'approval']),
      ...(entry.approval !== undefined && { approval: this.approval(entry.approval, place) }),
      permissions: this.permissions(entry, place),
    }));
    this.unique(
      roles.flatMap((role) => role.permissions),
      `${at} permission`,
    );
    return roles;
  }

  private permissions(role: Entry, at: string): Permission[] {
    const offered = permissionCodes([role]);
    const permissions = this.list(role.permissions, 'permissions', at, (entry, place): Permission => {
      const { includes = [] } = entry;
      const known =
        Array.isArray(includes) &&
        new Set(includes).size === includes.length &&
        includes.every((code) => code !== entry.code && offered.includes(code));
      if (!known) this.faults.push(`${place}: includes must be a list of other permissions of the role`);
      return { ...this.named(entry, place, ['includes']), includes: known ? (includes as string[]) : [] };
    });
    const includesOf = (code: string): string[] => permissions.find((one) => one.code === code)?.includes ?? [];
    for (const { code } of permissions) {
      const under = new Set<string>(includesOf(code));
      for (const lesser of under) for (const next of includesOf(lesser)) under.add(next);
      if (under.has(code)) this.faults.push(`${at} ${code}: includes leads back to itself`);
    }
    return permissions;
  }

  private list<T extends { code: string }>(
    value: unknown,
    key: string,
    at: string,
    read: (entry: Entry, at: string) => T,
  ): T[] {
    if (!Array.isArray(value) || !value.length) {
      this.faults.push(`${at}: ${key} must be a list with at least one entry`);
      return [];
    }
    const items = value.flatMap((entry: unknown, index) => {
      if (isEntry(entry))
        return [
          read(
            entry,
            `${at === 'the file' ? '' : `${at} `}${typeof entry.code === 'string' ? entry.code : `${key} entry ${index + 1}`}`,
          ),
        ];
      this.faults.push(`${at}: ${key} entry ${index + 1} must have a code, a name and more`);
      return [];
    });
    if (key !== 'permissions') this.unique(items, at === 'the file' ? 'application' : `${at} role`);
    return items;
  }

  private named(entry: Entry, at: string, others: string[]): { code: string; name: string; about: string } {
    this.keys(entry, at, ['code', 'name', 'about', ...others]);
    const [code, name, about] = ['code', 'name', 'about'].map((key) => this.words(entry[key], key, at));
    if (code && !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(code))
      this.faults.push(`${at}: code must be small letters, digits and hyphens, such as ser-data-writer`);
    return { code: code!, name: name!, about: about! };
  }

  private words(value: unknown, key: string, at: string): string {
    if (typeof value === 'string' && value.trim() && value.length <= 200) return value.trim();
    this.faults.push(
      value === undefined || value === null || value === ''
        ? `${at}: ${key} is missing`
        : `${at}: ${key} must be a text of at most 200 characters`,
    );
    return '';
  }

  private levels(value: unknown, at: string): Application['levels'] {
    const known =
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((level) => level === 'system' || level === 'site') &&
      new Set(value).size === value.length;
    if (!known) this.faults.push(`${at}: levels must be [system], [site] or [system, site]`);
    return known ? (value as Application['levels']) : [];
  }

  private yes(value: unknown, key: string, at: string, absent: boolean): boolean {
    if (value !== undefined && typeof value !== 'boolean') this.faults.push(`${at}: ${key} must be true or false`);
    return typeof value === 'boolean' ? value : absent;
  }

  private keys(entry: Entry, at: string, known: string[]): void {
    for (const key of Object.keys(entry))
      if (!known.includes(key))
        this.faults.push(`${at}: ${JSON.stringify(key)} is not known here; known are ${known.join(', ')}`);
  }

  private unique(items: { code: string }[], what: string): void {
    const codes = items.map(({ code }) => code).filter(Boolean);
    for (const code of new Set(codes.filter((code, index) => codes.indexOf(code) !== index)))
      this.faults.push(`${what} ${code} is there twice`);
  }
}
