import type { AccessRow } from '#compliance';
import { localDay } from '#kernel';

const heading = ['Name', 'Staff ID', 'Application', 'Permission', 'Place', 'Code', 'Since', 'Last day', 'State'];

/** The list of access as a file. */
export function accessCsv(rows: AccessRow[]): string {
  const lines = rows.map((one) => [
    one.name,
    one.staffId,
    one.application,
    one.permission,
    one.place,
    one.placeCode,
    localDay(one.fromAt),
    one.toAt ? localDay(new Date(one.toAt.getTime() - 1)) : '',
    one.suspended ? 'Rests' : 'In use',
  ]);
  return csvOf([heading, ...lines]);
}

/** A file for spreadsheets, the heading first: every field quoted, nothing in it is a formula (IM-1). */
export const csvOf = (lines: string[][]): string => lines.map((line) => `${line.map(csvCell).join(',')}\r\n`).join('');

/** What a spreadsheet takes for a formula, also after blanks, quotes and a byte order mark, and in full width. */
const formula = /^[\s\uFEFF"'\0]*[=+\-@\t\r\0＝＋－＠]|^[\t\r\0]/u;

/** A quoted cell; what could be taken for a formula gets an apostrophe in front, and only that. */
export const csvCell = (text: string): string => `"${(formula.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
