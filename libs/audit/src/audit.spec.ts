import { MikroOrmModule } from '@mikro-orm/nestjs';
import { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { Test } from '@nestjs/testing';
import { databaseOptions } from '#database';
import { KernelModule, problemKind, systemActor } from '#kernel';
import { freshDatabase } from '../../../test/support/database.js';
import { testSettings } from '../../../test/support/settings.js';
import { AuditModule, AuditService } from './index.js';

describe('audit', () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let em: EntityManager;
  let audit: AuditService;
  let close: () => Promise<void>;

  beforeAll(async () => {
    database = await freshDatabase();
    const settings = testSettings(database.url);
    const app = await Test.createTestingModule({
      imports: [KernelModule.with(settings), MikroOrmModule.forRoot(databaseOptions(settings)), AuditModule],
    }).compile();
    await app.init();
    em = app.get(MikroORM).em;
    audit = app.get(AuditService);
    close = () => app.close();
  });
  afterAll(async () => {
    await close?.();
    await database?.drop();
  });

  it('AU-1 is written in the same transaction as the deed', async () => {
    await expect(
      em.transactional(async () => {
        await audit.record(systemActor, { action: 'test.undone' });
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    expect(await em.execute(`select 1 from audit_entry where action = 'test.undone'`)).toHaveLength(0);
    await expect(audit.record(systemActor, { action: 'test.alone' })).rejects.toThrow('outside its transaction');
  });

  it('AU-1 what one act did to many things is written for each, in the same transaction', async () => {
    const deeds = Array.from({ length: 2500 }, (_, at) => ({
      action: 'test.many',
      target: `thing:${at}`,
      before: { at },
      reason: 'One act',
    }));
    await expect(audit.recordMany(systemActor, deeds)).rejects.toThrow('outside its transaction');
    await em.transactional(() => audit.recordMany(systemActor, deeds));
    const [row] = await em.execute(
      `select count(distinct (target, before))::int as count, min(result) as result, min(client) as client, min(reason) as reason
       from audit_entry where action = 'test.many'`,
    );
    expect(row).toEqual({ count: 2500, result: 'done', client: 'jobs', reason: 'One act' });
  });

  it('AU-2 records a refusal whatever text its target holds', async () => {
    const problem = problemKind(
      'test.no',
      404,
      'No',
    )('No', { refusal: { action: 'test.refused', target: 'request:\0 \ud800' } });
    await audit.recordRefusal(systemActor, problem);
    expect(await em.execute(`select reason from audit_entry where action = 'test.refused'`)).toEqual([
      { reason: 'test.no' },
    ]);
  });

  it.each(['update audit_entry set action = $$x$$', 'delete from audit_entry', 'truncate audit_entry'])(
    'AU-4 the app role cannot: %s',
    async (sql) => {
      await expect(em.execute(sql)).rejects.toThrow(/permission denied/);
    },
  );

  it('IN-3 the app role has no DDL rights', async () => {
    await expect(em.execute('create table x (y int)')).rejects.toThrow(/permission denied/);
  });
});
