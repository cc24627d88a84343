import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { MikroORM } from '@mikro-orm/postgresql';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AccountsModule, AccountsService } from '#accounts';
import { AuditModule } from '#audit';
import {
  Appointments,
  CoordinatorsModule,
  CoordinatorsService,
  CoverService,
  DesignationService,
  HeadsService,
  StatementService,
} from '#coordinators';
import { databaseOptions } from '#database';
import { Clock, KernelModule, localDay, days, Problem, type SignedIn, systemActor } from '#kernel';
import { NotificationsModule } from '#notifications';
import { RequestLists, RequestQueries, RequestsModule, RequestsService } from '#requests';
import { projectRoot, type Settings } from '#settings';
import { RegisterImport, SitesModule } from '#sites';
import { StaffFeedImport, StaffModule, StaffService } from '#staff';
import { absences, designations, requests } from './deeds.js';
import { type DemoPerson, newcomer, people } from './people.js';

const libs = [AccountsModule, SitesModule, StaffModule, CoordinatorsModule, RequestsModule];

@Module({})
class DemoModule {}

const demoFile = (name: string): string => join(projectRoot, 'apps/local/demo', name);

/**
 * Invented people and places for a first look, through the same verbs people use. Each step skips what an interrupted
 * start had done; once the last request is there, nothing is touched again.
 * @returns what to print: who can sign in; undefined where the database holds other people or places, which stay as they are
 */
export async function loadDemo(
  settings: Settings,
  passphrase: string,
  step: (text: string) => void,
): Promise<string | undefined> {
  const app = await NestFactory.createApplicationContext(
    {
      module: DemoModule,
      imports: [
        KernelModule.with(settings),
        MikroOrmModule.forRoot(databaseOptions(settings)),
        AuditModule,
        NotificationsModule,
        ...libs,
      ],
    },
    { logger: ['error', 'warn'], abortOnError: false },
  );
  try {
    const accounts = app.get(AccountsService);
    const last = people.at(-1)!;
    const loaded = await accounts.byName(last.userName);
    if (loaded && (await requestCount(app, loaded.id, last.userName))) return signIns(passphrase);
    if (await holdsOthers(app.get(MikroORM))) return undefined;
    step('loading invented people and places');
    await app.get(RegisterImport).apply(systemActor, demoFile('sites.csv'), { effectiveDay: '2019-07-01' });
    await app.get(StaffFeedImport).apply(systemActor, demoFile('staff.csv'));
    const actors = new Map<string, SignedIn>();
    for (const person of people) actors.set(person.userName, await settle(app, person, passphrase));
    for (const [index, designation] of designations.entries()) await propose(app, actors, designation, index);
    for (const absence of absences) await coverFor(app, actors, absence);
    for (const [index, request] of requests.entries()) await ask(app, actors, request, index);
    return signIns(passphrase);
  } finally {
    await app.close();
  }
}

/**
 * Whether people or places are there that this demonstration did not invent. Into such a database nothing is loaded:
 * invented coordinators with a printed passphrase would decide about real people, and real schools would count as closed.
 */
async function holdsOthers(orm: MikroORM): Promise<boolean> {
  const first = (name: string): string[] =>
    readFileSync(demoFile(name), 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[0]!);
  const unknown = (table: string, column: string): string =>
    `select 1 from ${table} where ${column} not in (select value from json_array_elements_text(?::json))`;
  const found = await orm.em.fork().execute<unknown[]>(
    `${unknown('account', 'user_name')} union all ${unknown('staff_member', 'staff_id')} union all ${unknown('school_system', 'code')} limit 1`,
    [people.map(({ userName }) => userName), first('staff.csv'), first('sites.csv')].map((known) =>
      JSON.stringify(known),
    ),
  );
  return found.length > 0;
}

const requestCount = async (app: INestApplicationContext, accountId: string, userName: string): Promise<boolean> =>
  (await app.get(RequestLists).mine(accountId)).length >= requests.filter((request) => request.by === userName).length;

/** Account, Staff ID and coordinator scopes of one person. */
async function settle(app: INestApplicationContext, person: DemoPerson, passphrase: string): Promise<SignedIn> {
  const { userName, firstName, lastName, staffId, birthDate } = person;
  const accounts = app.get(AccountsService);
  const known = await accounts.byName(userName);
  const account = { userName, firstName, lastName, email: `${userName}@schools.example`, passphrase };
  const accountId = known?.id ?? (await accounts.add(systemActor, account));
  const actor: SignedIn = { client: 'portal', accountId };
  const staff = app.get(StaffService);
  const member =
    (await staff.memberOf(accountId)) ?? (await staff.link(actor, { staffId, firstName, lastName, birthDate }));
  const statement = app.get(StatementService);
  if ((person.decides || person.signs) && !(await statement.inForce(member.id)))
    await statement.sign(actor, statement.text().version);
  for (const scope of person.decides ?? []) {
    await unless('coordinators.already', () =>
      app.get(Appointments).designate(systemActor, { ...scope, staffMemberId: member.id }),
    );
  }
  const heads = app.get(HeadsService);
  if (person.heads && !(await heads.headOf(person.heads.systemCode)))
    await heads.name(systemActor, { ...person.heads, staffMemberId: member.id });
  return actor;
}

/** A head proposes somebody as coordinator; the state office may have approved it. */
async function propose(
  app: INestApplicationContext,
  actors: Map<string, SignedIn>,
  { proposedBy, person, approvedBy, ...form }: (typeof designations)[number],
  index: number,
): Promise<void> {
  const service = app.get(DesignationService);
  const { staffId } = people.find(({ userName }) => userName === person)!;
  const id = await service.propose(actors.get(proposedBy)!, {
    ...form,
    staffId,
    formKey: uuidOf(`demo designation ${index}`),
  });
  if (!approvedBy) return;
  const { version, status } = await service.get(actors.get(approvedBy)!, id);
  if (status === 'proposed') await service.approve(actors.get(approvedBy)!, id, { version });
}

/** One coordinator is away for some days from today. */
async function coverFor(
  app: INestApplicationContext,
  actors: Map<string, SignedIn>,
  { of, by, days: count }: (typeof absences)[number],
): Promise<void> {
  const staff = app.get(StaffService);
  const [away, cover] = await Promise.all([of, by].map((name) => staff.memberOf(actors.get(name)!.accountId)));
  const [scope] = await app.get(CoordinatorsService).scopesOf(away!.id);
  const now = app.get(Clock).now();
  await unless('coordinators.covered-already', () =>
    app.get(CoverService).name(actors.get(of)!, {
      coordinatorId: scope!.id,
      staffMemberId: cover!.id,
      fromDay: localDay(now),
      toDay: localDay(new Date(now.getTime() + days(count))),
    }),
  );
}

async function ask(
  app: INestApplicationContext,
  actors: Map<string, SignedIn>,
  request: (typeof requests)[number],
  index: number,
): Promise<void> {
  const { by, approvedBy, why, ...wish } = request;
  const formKey = uuidOf(`demo request ${index}`);
  const { id } = await app.get(RequestsService).submit(actors.get(by)!, { wishes: [wish], why, formKey });
  if (!approvedBy) return;
  const decider = actors.get(approvedBy)!;
  const view = await app.get(RequestQueries).view(decider, id);
  const open = view.lines.filter((line) => line.status === 'pending');
  if (!open.length) return;
  await app.get(RequestsService).decide(decider, id, {
    version: view.version,
    decisions: open.map((line) => ({ lineId: line.id, verdict: 'approve' as const })),
  });
}

async function unless(code: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.code !== code) throw problem;
  }
}

/** The same id for the same text, in the shape of a random one. */
const uuidOf = (text: string): string =>
  createHash('sha256')
    .update(text)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/, '$1-$2-4$3-8$4-$5');

const signIns = (passphrase: string): string => `
  Invented people, all with the passphrase   ${passphrase}
${people.map((person) => `    ${person.userName.padEnd(8)} ${person.firstName} ${person.lastName}, ${person.part}`).join('\n')}

  To live the story from the start, register at the portal as ${newcomer.firstName} ${newcomer.lastName}, born ${newcomer.birthDate},
  Staff ID ${newcomer.staffId}, of ${newcomer.school}; mail arrives in the mailbox.`;
