import { decodeText, kernelProblems, parseTable, type TableLimits, tidy } from '#kernel';
import type { RowProblem } from './register-row.js';

/** Registers are as large as a country: 64 MiB, 250,000 rows. */
export const registerLimits: TableLimits = { bytes: 64 * 1024 * 1024, rows: 250_000, columns: 60, field: 1000 };

/** Columns a file must have, may have, and may have without a word about the register. */
export interface TableShape {
  required: string[];
  optional?: string[];
  /** `*` takes any column. */
  ignored?: string[];
}

/** One line with its cells by column name, tidied; a column the file does not have is an empty text. */
export interface TableLine {
  row: number;
  cell(column: string): string;
}

/** A table file with its header read, before anybody knows what shape it should have. */
export class RegisterTable {
  readonly columns: string[];
  private readonly lines: { row: number; fields: string[] }[];

  /** @throws kernel.bad-file when the file as a whole cannot be trusted */
  constructor(bytes: Uint8Array) {
    const [header, ...lines] = parseTable(decodeText(bytes), ',', registerLimits);
    this.columns = header!.fields.map((field) => field.trim().toLowerCase());
    this.lines = lines;
  }

  /**
   * The lines, once the header has the shape; lines of another length come back as problems.
   * @throws kernel.bad-file for columns that are missing, doubled or not known, and where there is no line
   */
  read({ required, optional = [], ignored = [] }: TableShape): { lines: TableLine[]; problems: RowProblem[] } {
    const { columns } = this;
    const missing = required.filter((name) => !columns.includes(name));
    const known = new Set([...required, ...optional, ...ignored]);
    const unknown = known.has('*') ? [] : columns.filter((name) => !known.has(name));
    const doubled = columns.filter((name, index) => columns.indexOf(name) !== index);
    const faults = [
      missing.length && `These columns are missing: ${missing.join(', ')}.`,
      unknown.length && `These columns are not known: ${unknown.map((name) => JSON.stringify(name)).join(', ')}.`,
      doubled.length && `These columns come twice: ${doubled.join(', ')}.`,
    ].filter(Boolean);
    if (faults.length) throw kernelProblems.badFile(`${faults.join(' ')} Nothing was changed.`);

    if (!this.lines.length)
      throw kernelProblems.badFile(
        'The file has a header and no rows, so it may have been cut off. Nothing was changed.',
      );
    const positions = new Map(columns.map((name, index) => [name, index]));
    const whole = this.lines.filter(({ fields }) => fields.length === columns.length);
    return {
      lines: whole.map(({ row, fields }) => ({ row, cell: (name) => tidy(fields[positions.get(name) ?? -1] ?? '') })),
      problems: this.lines
        .filter(({ fields }) => fields.length !== columns.length)
        .map(({ row, fields }) => ({
          row,
          message: `has ${fields.length} columns where the header has ${columns.length}`,
        })),
    };
  }
}
