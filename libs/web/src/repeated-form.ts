import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'RepeatedForm',
  tableName: 'repeated_form',
  properties: {
    accountId: p.uuid().primary(),
    /** The key the form carries; a rendering makes a new one for each of its forms. */
    key: p.uuid().primary(),
    /** Where it was sent, as declared: `/requests/:id/notes`. */
    route: p.text().primary(),
    /** Keyed hash of the address and of all fields: forms hold birth dates. */
    bodyHash: p.character().length(64),
    /** The answer; absent only inside the transaction that does the deed. */
    status: p.smallint().nullable(),
    location: p.text().nullable(),
    at: p.datetime().columnType('timestamptz').index('repeated_form_at_index'),
  },
});

/** A form that was sent and did what it says, with its answer, so that sending it again does nothing more. */
export class RepeatedForm extends schema.class {}
schema.setClass(RepeatedForm);
