import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'ApplicationUse',
  tableName: 'application_use',
  properties: {
    accountId: p.uuid().primary(),
    application: p.text().primary(),
    lastEnteredAt: p.datetime().columnType('timestamptz'),
  },
});

/** When an account last entered an application of the catalogue. */
export class ApplicationUse extends schema.class {}
schema.setClass(ApplicationUse);
