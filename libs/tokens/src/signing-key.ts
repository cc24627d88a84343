import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'SigningKey',
  tableName: 'signing_key',
  properties: {
    kid: p.text().primary(),
    alg: p.text(),
    /** Private JWK, sealed with DATA_SECRET; readable with the setting only. */
    sealedPrivate: p.text(),
    publicJwk: p.json().$type<Record<string, unknown>>(),
    createdAt: p.datetime().columnType('timestamptz'),
    /** It is published before it signs (TK-4). */
    activeFrom: p.datetime().columnType('timestamptz'),
    /** From here on it signs nothing; it stays published until the last token it signed is dead. */
    retiredAt: p.datetime().columnType('timestamptz').nullable(),
  },
});

/** A key the issuer signs tokens with. */
export class SigningKey extends schema.class {}
schema.setClass(SigningKey);
