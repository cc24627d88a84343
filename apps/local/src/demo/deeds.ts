import type { DesignationProposal } from '#coordinators';

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
    by: 'zelie',
    application: 'ser-iep-form',
    role: 'iep-form',
    permissions: ['iep-form-writer'],
    location: { level: 'site', code: '501002' },
    why: 'I write the plans of our two students with services.',
  },
  {
    by: 'remy',
    application: 'ser',
    role: 'ser-data',
    permissions: ['ser-data-reader'],
    location: { level: 'site', code: 'E01003' },
    why: 'To see which of our children have an evaluation under way.',
  },
  {
    by: 'quoc',
    application: 'canopy',
    role: 'canopy-learning',
    permissions: ['learner'],
    location: { level: 'site', code: '395005' },
    why: 'For the reading course in January.',
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

/** Who stands in for whom, from the first day of the demonstration on. */
export const absences = [{ of: 'simone', by: 'aurelie', days: 5 }];

interface DemoDesignation extends Omit<DesignationProposal, 'staffId' | 'formKey'> {
  /** The head who proposes. */
  proposedBy: string;
  /** The person proposed. */
  person: string;
  reason: string;
  approvedBy?: string;
}

/** Two people on their way to becoming coordinators. */
export const designations: DemoDesignation[] = [
  {
    proposedBy: 'gaston',
    person: 'corinne',
    reach: 'site',
    systemCode: '001',
    siteCodes: ['001005'],
    reason: 'A second coordinator at the high school, so that one of the two is always there.',
  },
  {
    proposedBy: 'gaston',
    person: 'ezra',
    reach: 'system',
    systemCode: '001',
    application: 'ser',
    reason: 'Knows the special education records of all our schools.',
    approvedBy: 'odile',
  },
];
