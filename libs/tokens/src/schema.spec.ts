import { MikroORM } from '@mikro-orm/postgresql';
import { databaseOptions } from '#database';
import { freshDatabase } from '../../../test/support/database.js';
import { testSettings } from '../../../test/support/settings.js';

it('migrated tables equal the entities of tokens', async () => {
  const database = await freshDatabase();
  const orm = await MikroORM.init(databaseOptions(testSettings(database.url), 'owner'));
  const sql = await orm.schema.getUpdateSchemaSQL({ wrap: false });
  expect(sql.split('\n').filter((line) => /oidc_artifact|signing_key/.test(line))).toEqual([]);
  await orm.close();
  await database.drop();
});
