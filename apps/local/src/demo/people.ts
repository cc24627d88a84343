import type { Designation } from '#coordinators';

/** An invented person who has an account already; `staffId` ties to apps/local/demo/staff.csv. */
export interface DemoPerson {
  userName: string;
  firstName: string;
  lastName: string;
  staffId: string;
  birthDate: string;
  /** Who this is, on the list `npm start` prints. */
  part: string;
  decides?: Omit<Designation, 'staffMemberId'>[];
}

/** A coordinator of every kind, and staff who asked for something. */
export const people: DemoPerson[] = [
  {
    userName: 'odile',
    firstName: 'Odile',
    lastName: 'Robicheaux',
    staffId: '8100000001',
    birthDate: '1971-03-02',
    part: 'state desk',
    decides: [{ reach: 'state' }],
  },
  {
    userName: 'marcus',
    firstName: 'Marcus',
    lastName: 'Guillory',
    staffId: '8100000002',
    birthDate: '1979-11-23',
    part: 'coordinator of Acadia Parish',
    decides: [{ reach: 'system', systemCode: '001' }],
  },
  {
    userName: 'renee',
    firstName: 'Renée',
    lastName: 'Fontenot',
    staffId: '8100000003',
    birthDate: '1983-06-30',
    part: 'second coordinator of Acadia Parish',
    decides: [{ reach: 'system', systemCode: '001' }],
  },
  {
    userName: 'lena',
    firstName: 'Lena',
    lastName: 'Arceneaux',
    staffId: '8100000004',
    birthDate: '1986-01-17',
    part: 'coordinator of one school, 001005',
    decides: [{ reach: 'site', siteCodes: ['001005'] }],
  },
  {
    userName: 'theo',
    firstName: 'Theo',
    lastName: 'Batiste',
    staffId: '8100000005',
    birthDate: '1975-09-09',
    part: 'coordinator of a group of three schools in Algiers',
    decides: [{ reach: 'group', siteCodes: ['395001', '395002', '395003'] }],
  },
  {
    userName: 'simone',
    firstName: 'Simone',
    lastName: 'Ledet',
    staffId: '8100000006',
    birthDate: '1968-12-05',
    part: 'coordinator of Orleans Parish',
    decides: [{ reach: 'system', systemCode: 'R36' }],
  },
  {
    userName: 'hugo',
    firstName: 'Hugo',
    lastName: 'Delacroix',
    staffId: '8100000007',
    birthDate: '1981-05-14',
    part: 'SER-only coordinator of Orleans Parish',
    decides: [
      { reach: 'system', systemCode: 'R36', application: 'ser' },
      { reach: 'system', systemCode: 'R36', application: 'ser-iep-form' },
    ],
  },
  {
    userName: 'agnes',
    firstName: 'Agnes',
    lastName: 'Hebert',
    staffId: '8100000008',
    birthDate: '1964-02-28',
    part: 'coordinator of a diocese',
    decides: [{ reach: 'system', systemCode: '501' }],
  },
  {
    userName: 'noah',
    firstName: 'Noah',
    lastName: 'Whitfield',
    staffId: '8100000009',
    birthDate: '1977-07-21',
    part: 'head and coordinator of a charter school',
    decides: [{ reach: 'system', systemCode: 'W7A' }],
  },
  {
    userName: 'jonah',
    firstName: 'Jonah',
    lastName: 'Prejean',
    staffId: '8100000010',
    birthDate: '1992-10-03',
    part: 'teacher in Acadia Parish, waiting',
  },
  {
    userName: 'bianca',
    firstName: 'Bianca',
    lastName: 'Okafor',
    staffId: '8100000011',
    birthDate: '1989-08-19',
    part: 'teacher in Algiers, waiting',
  },
  {
    userName: 'wren',
    firstName: 'Wren',
    lastName: 'Castille',
    staffId: '8100000012',
    birthDate: '1994-04-25',
    part: 'speech therapist in Acadia Parish, may use eSER',
  },
  {
    userName: 'ezra',
    firstName: 'Ezra',
    lastName: 'Vidrine',
    staffId: '8100000013',
    birthDate: '1987-03-11',
    part: 'data clerk of Acadia Parish, may use eSER for the whole system',
  },
];

interface DemoRequest {
  by: string;
  application: string;
  role: string;
  permissions: string[];
  location: { level: 'system' | 'site'; code: string };
  why: string;
  /** Who approved it already. */
  approvedBy?: string;
}

export const requests: DemoRequest[] = [
  {
    by: 'wren',
    application: 'ser-iep-form',
    role: 'iep-form',
    permissions: ['iep-form-writer'],
    location: { level: 'site', code: '001005' },
    why: 'I write the speech part of IEPs.',
    approvedBy: 'lena',
  },
  {
    by: 'ezra',
    application: 'ser',
    role: 'ser-data',
    permissions: ['ser-data-writer', 'ser-data-reader'],
    location: { level: 'system', code: '001' },
    why: 'I keep the records of all our schools.',
    approvedBy: 'marcus',
  },
  {
    by: 'jonah',
    application: 'ser-iep-form',
    role: 'iep-form',
    permissions: ['iep-form-writer'],
    location: { level: 'site', code: '001002' },
    why: 'I teach the inclusion class since August.',
  },
  {
    by: 'bianca',
    application: 'ser-iep-form',
    role: 'iep-form',
    permissions: ['iep-form-writer', 'iep-form-approver'],
    location: { level: 'site', code: '395001' },
    why: 'I took over the case load of a colleague who left.',
  },
  {
    by: 'ezra',
    application: 'ser',
    role: 'ser-lasid',
    permissions: ['ser-lasid-writer'],
    location: { level: 'site', code: '001700' },
    why: 'To correct secure ids before the October count.',
  },
];

/** On staff, without an account: whom to play when you register (README, "Ten minutes with it"). */
export const newcomer = {
  firstName: 'Camille',
  lastName: 'Doucet',
  birthDate: 'April 12, 1990',
  staffId: '8100000020',
  school: 'Branch Elementary School',
};
