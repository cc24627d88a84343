import { sha256 } from '#kernel';
import { parse } from 'yaml';

/** The words a coordinator signs. */
export class CoordinatorStatement {
  constructor(
    readonly version: string,
    readonly title: string,
    readonly paragraphs: readonly string[],
  ) {}

  /** SHA-256 of the words, hex: what a signature was given for. */
  get hash(): string {
    return sha256(JSON.stringify([this.version, this.title, ...this.paragraphs]));
  }
}

const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= most;

/**
 * Reads config/statements/coordinator.yaml.
 * @throws Error naming every fault, so that an app with an unfit statement does not start
 */
export function readStatement(text: string): CoordinatorStatement {
  const { version, title, paragraphs, ...others } = (parse(text, { maxAliasCount: 0 }) ?? {}) as Record<
    string,
    unknown
  >;
  const faults = [
    ...(isText(version, 40) ? [] : ['version must be a text of 1 to 40 characters, in quotes']),
    ...(isText(title, 200) ? [] : ['title must be a text of 1 to 200 characters']),
    ...(Array.isArray(paragraphs) && paragraphs.length && paragraphs.every((one) => isText(one, 2000))
      ? []
      : ['paragraphs must be a list of texts of 1 to 2,000 characters']),
    ...Object.keys(others).map((key) => `${JSON.stringify(key)} is not known here`),
  ];
  if (faults.length)
    throw new Error(
      `config/statements/coordinator.yaml needs attention:\n${faults.map((one) => `  - ${one}`).join('\n')}`,
    );
  return new CoordinatorStatement(version as string, title as string, paragraphs as string[]);
}
