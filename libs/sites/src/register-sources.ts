import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#settings';
import { parse } from 'yaml';
import { sitesProblems } from './problems.js';

/** What a register says about a place; `opening` is whether it is open at all. */
export const registerFields = ['parent', 'name', 'kind', 'federal-code', 'serving', 'opening'] as const;
export type RegisterField = (typeof registerFields)[number];

/** How a file is written. */
const registerFormats = ['csv', 'leap', 'nces', 'oneroster'] as const;
export type RegisterFormat = (typeof registerFormats)[number];

/** How long codes are, where all of a source's are. */
export interface CodeLengths {
  system: number;
  site: number;
}

/** Where registers come from, and in which fields its word counts. */
export interface RegisterSource {
  code: string;
  name: string;
  format: RegisterFormat;
  decides: RegisterField[];
  codes?: CodeLengths;
  /** Fields it does not decide, in which another word is a disagreement to settle. */
  questions: RegisterField[];
}

/** Thrown at start with one line for each fault of config/register/sources.yaml. */
class SourcesFault extends Error {
  constructor(faults: string[]) {
    super(`config/register/sources.yaml needs attention:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/**
 * Reads the sources of registers.
 * @param text YAML
 * @throws SourcesFault naming every fault
 */
export function readSources(text: string): RegisterSource[] {
  const root = parse(text, { maxAliasCount: 0 }) as { sources?: Partial<RegisterSource>[] } | null;
  if (!Array.isArray(root?.sources) || !root.sources.length) throw new SourcesFault(['sources must be a list']);
  const faults: string[] = [];
  const sources = root.sources.map((entry, index): RegisterSource => {
    const { code, name, format, decides = [], codes, ...rest } = entry ?? {};
    const { questions = registerFields.filter((field) => !decides.includes(field)), ...others } = rest;
    const at = typeof code === 'string' ? code : `entry ${index + 1}`;
    const check = (holds: boolean, fault: string): void => void (holds || faults.push(`${at}: ${fault}`));
    const fields = (value: unknown): boolean =>
      Array.isArray(value) && value.every((field) => registerFields.includes(field as RegisterField));
    check(/^[a-z][a-z0-9-]{0,39}$/.test(String(code)), 'code must be small letters, digits and hyphens');
    check(typeof name === 'string' && name.trim() !== '', 'name is missing');
    check(registerFormats.includes(format!), `format must be one of ${registerFormats.join(', ')}`);
    check(fields(decides), `decides must be a list of ${registerFields.join(', ')}`);
    check(fields(questions), `questions must be a list of ${registerFields.join(', ')}`);
    check(!Object.keys(others).length, `${Object.keys(others).join(', ')} is not known here`);
    check(!codes || [codes.system, codes.site].every(Number.isInteger), 'codes must say how long system and site are');
    return { code: code!, name: name!, format: format!, decides, codes, questions };
  });
  const codes = sources.map(({ code }) => code);
  for (const code of codes.filter((one, index) => codes.indexOf(one) !== index)) faults.push(`${code} is there twice`);
  if (faults.length) throw new SourcesFault(faults);
  return sources;
}

/** The sources of this installation, as they were read at start. */
export class RegisterSources {
  constructor(private readonly all: RegisterSource[]) {}

  /** From config/register/sources.yaml. */
  static fromFile(): RegisterSources {
    return new RegisterSources(readSources(readFileSync(join(projectRoot, 'config/register/sources.yaml'), 'utf8')));
  }

  /** The source of that code; for code undefined the first one that is written in this format. */
  of(code: string | undefined, format: RegisterFormat): RegisterSource {
    const found = this.all.find((source) => source.format === format && (code === undefined || source.code === code));
    if (found) return found;
    const known = this.all.map((source) => `${source.code} (${source.format})`).join(', ');
    throw sitesProblems.unknownSource(
      `The file is in the format ${format}; config/register/sources.yaml knows ${known}. Nothing was changed.`,
    );
  }

  /** What a source decides. @throws sites.unknown-source when it was taken out of the file since */
  known(code: string): RegisterSource {
    const found = this.all.find((source) => source.code === code);
    if (!found) throw sitesProblems.unknownSource(`config/register/sources.yaml knows no source ${code} any more.`);
    return found;
  }

  /** What the source is called; its code when it is no longer known. */
  nameOf(code: string): string {
    return this.all.find((source) => source.code === code)?.name ?? code;
  }
}
