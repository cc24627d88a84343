import { defineEntity, p } from '@mikro-orm/core';
import type { Reach } from './coordinator.js';

/**
 * Where a designation stands: the head proposed, the state office approved, the person asked for access, the state
 * office granted it; or the state office refused, or it was taken back.
 */
export type DesignationStatus = 'proposed' | 'approved' | 'asked' | 'granted' | 'refused' | 'withdrawn';

const schema = defineEntity({
  name: 'DesignationForm',
  tableName: 'designation',
  properties: {
    id: p.uuid().primary(),
    /** Who is to become a coordinator. */
    staffMemberId: p.uuid().index(),
    reach: p.text().$type<Exclude<Reach, 'state'>>(),
    systemCode: p.text().index(),
    application: p.text().nullable(),
    fromDay: p.date(),
    toDay: p.date().nullable(),
    reason: p.text(),
    status: p.text().$type<DesignationStatus>(),
    /** Grows by one with each step: a step taken on an older look is refused. */
    version: p.integer(),
    /** The head who filled in the form: a staff member. */
    proposedBy: p.uuid(),
    /** Made by the page: the same form sent twice makes one designation. */
    formKey: p.uuid(),
    /** The assignment the grant made. */
    coordinatorId: p.uuid().nullable(),
    createdAt: p.datetime().columnType('timestamptz').index(),
  },
  uniques: [{ name: 'designation_form_unique', properties: ['proposedBy', 'formKey'] }],
  checks: [
    { name: 'designation_reach_check', expression: `reach in ('site', 'group', 'system')` },
    {
      name: 'designation_status_check',
      expression: `status in ('proposed', 'approved', 'asked', 'granted', 'refused', 'withdrawn')`,
    },
    { name: 'designation_granted_check', expression: `(status = 'granted') = (coordinator_id is not null)` },
  ],
});

/** The electronic form by which a head designates a coordinator. */
export class DesignationForm extends schema.class {}
schema.setClass(DesignationForm);

const siteSchema = defineEntity({
  name: 'DesignationSite',
  tableName: 'designation_site',
  properties: {
    designation: () => p.manyToOne(DesignationForm).primary(),
    siteCode: p.text().primary(),
  },
});

/** A site a designation for a group or one site names. */
export class DesignationSite extends siteSchema.class {}
siteSchema.setClass(DesignationSite);

const stepSchema = defineEntity({
  name: 'DesignationStep',
  tableName: 'designation_step',
  properties: {
    id: p.uuid().primary(),
    designation: () => p.manyToOne(DesignationForm).joinColumn('designation_id').index(),
    step: p.text().$type<DesignationStatus>(),
    byStaffMemberId: p.uuid(),
    at: p.datetime().columnType('timestamptz'),
    note: p.text().nullable(),
  },
});

/** One step of a designation: who did it, when, and what was said. Never changes. */
export class DesignationStep extends stepSchema.class {}
stepSchema.setClass(DesignationStep);
