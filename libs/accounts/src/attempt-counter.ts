import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'AttemptCounter',
  tableName: 'attempt_counter',
  properties: {
    key: p.text().primary(),
    count: p.integer(),
    notBefore: p.datetime().columnType('timestamptz'),
    windowEndsAt: p.datetime().columnType('timestamptz'),
  },
});

/** How often something was tried; shared by all instances, survives a restart (LK-3). Addresses and names are hashed in keys. */
export class AttemptCounter extends schema.class {}
schema.setClass(AttemptCounter);
