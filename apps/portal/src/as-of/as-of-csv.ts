import type { AsOfRow } from '#compliance';
import { localDay } from '#kernel';
import { csvOf } from '../people/access-csv.js';

const heading = [
  'Name',
  'Staff ID',
  'Application',
  'Permission',
  'Place',
  'Code',
  'Whole system',
  'From',
  'Last day',
  'State',
  'Reason',
  'On record since',
];

/** Who had what, as a file. Days are those of Louisiana. */
export const asOfCsv = (rows: AsOfRow[]): string =>
  csvOf([
    heading,
    ...rows.map((one) => [
      one.name,
      one.staffId,
      one.application,
      one.permission,
      one.place,
      one.placeCode,
      one.whole ? 'yes' : 'no',
      localDay(one.fromAt),
      one.toAt ? localDay(new Date(one.toAt.getTime() - 1)) : '',
      one.state === 'suspended' ? 'Rested' : 'In use',
      one.reason ?? '',
      localDay(one.recordedAt),
    ]),
  ]);
