import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { AuditService } from '#audit';
import { CatalogService } from '#catalog';
import { AsOf } from '#compliance';
import { Clock, type FieldFault, kernelProblems, localDay, Problem, type SignedIn } from '#kernel';
import { type Location, type PlacedLocation, SitesService } from '#sites';
import { Access, CurrentActor, Pages, type PageRequest } from '#web';
import { asOfCsv } from './as-of-csv.js';
import { AsOfPlacePage, AsOfSearchPage } from './as-of.page.js';
import { type AskedFields, askedOf, locationOf, personQuestion, placeQuestion } from './as-of-question.js';
import { PersonAsOfPage } from './person-as-of.page.js';

type Query = Record<string, unknown>;

const ofPlace = ['q', 'level', 'code', 'what', 'day', 'believed'];
const ofPerson = ['staffId', 'from', 'through', 'believed'];

/** Who had access on an earlier day: for the state office everywhere, for coordinators where they decide. */
@Controller('people/as-of')
@Access('coordinator')
export class AsOfController {
  constructor(
    private readonly asOf: AsOf,
    private readonly audit: AuditService,
    private readonly sites: SitesService,
    private readonly catalog: CatalogService,
    private readonly clock: Clock,
    private readonly pages: Pages,
  ) {}

  @Get()
  async place(@Req() request: PageRequest, @CurrentActor() actor: SignedIn, @Query() query: Query): Promise<string> {
    const asked = askedOf(query, ofPlace);
    const location = locationOf(asked);
    const place = location && (await this.known(location));
    if (!place) return this.search(request, asked, !!location);
    const applications = this.catalog.applications().map(({ code, name, roles }) => ({
      ...{ code, name },
      permissions: roles.flatMap(({ permissions }) => permissions),
    }));
    const model = { place, applications, file: addressOf('/people/as-of/place.csv', asked) };
    if (asked.what === undefined && asked.day === undefined) {
      const begin = { day: localDay(this.clock.now()) };
      return this.pages.draw(request, (frame) => <AsOfPlacePage frame={frame} {...model} asked={begin} />);
    }
    const { value, faults } = placeQuestion(asked, location, this.clock.now());
    const answer = value && (await this.orFault(actor, this.asOf.place(actor, value), 'what', faults));
    return this.pages.draw(request, (frame) => (
      <AsOfPlacePage
        frame={frame}
        {...model}
        asked={asked}
        faults={faults.length ? faults : undefined}
        answer={answer && { ...answer, question: value }}
      />
    ));
  }

  @Get('place.csv')
  async placeFile(@CurrentActor() actor: SignedIn, @Query() query: Query, @Res() response: Response): Promise<void> {
    const asked = askedOf(query, ofPlace);
    const location = locationOf(asked) ?? { level: 'site', code: '' };
    const { value, faults } = placeQuestion(asked, location, this.clock.now());
    if (!value) throw unclear(faults);
    const { rows } = await this.asOf.place(actor, value, true);
    this.send(response, `access-${value.location.code}-${value.day}.csv`, asOfCsv(rows));
  }

  @Get('person')
  async person(@Req() request: PageRequest, @CurrentActor() actor: SignedIn, @Query() query: Query): Promise<string> {
    const asked = askedOf(query, ofPerson);
    const file = addressOf('/people/as-of/person.csv', asked);
    if (asked.from === undefined && asked.through === undefined) {
      const begin = { ...this.thisMonth(), staffId: asked.staffId };
      return this.pages.draw(request, (frame) => <PersonAsOfPage frame={frame} asked={begin} file={file} />);
    }
    const { value, faults } = personQuestion(asked, this.clock.now());
    const answer = value && (await this.orFault(actor, this.asOf.person(actor, value), 'staffId', faults));
    return this.pages.draw(request, (frame) => (
      <PersonAsOfPage
        frame={frame}
        asked={asked}
        file={file}
        faults={faults.length ? faults : undefined}
        answer={answer && { ...answer, question: value }}
      />
    ));
  }

  @Get('person.csv')
  async personFile(@CurrentActor() actor: SignedIn, @Query() query: Query, @Res() response: Response): Promise<void> {
    const { value, faults } = personQuestion(askedOf(query, ofPerson), this.clock.now());
    if (!value) throw unclear(faults);
    const { rows } = await this.asOf.person(actor, value, true);
    this.send(response, `access-${value.staffId}-${value.fromDay}.csv`, asOfCsv(rows));
  }

  private async search(request: PageRequest, { q: text }: AskedFields, unknown: boolean): Promise<string> {
    const found = text === undefined ? undefined : await this.found(text);
    const fault = unknown ? 'There is no place with this code. Search for it by name' : undefined;
    return this.pages.draw(request, (frame) => (
      <AsOfSearchPage frame={frame} text={text} fault={fault} found={found} asked={this.thisMonth()} />
    ));
  }

  /** Also places that are closed, by their code: people had access there. */
  private async found(text: string): Promise<PlacedLocation[]> {
    const code = text.toUpperCase();
    const exact = await this.sites.placeMany([
      { level: 'site', code },
      { level: 'system', code },
    ]);
    const closed = [...exact.values()].filter(({ open }) => !open);
    return [...closed, ...(await this.sites.search(text))];
  }

  private async known(location: Location): Promise<PlacedLocation | undefined> {
    return [...(await this.sites.placeMany([location])).values()][0];
  }

  private thisMonth(): AskedFields {
    const today = localDay(this.clock.now());
    return { from: `${today.slice(0, 8)}01`, through: today };
  }

  /** What the reader can mend stands beside its field; that it was refused is kept all the same. */
  private async orFault<Answer>(
    actor: SignedIn,
    work: Promise<Answer>,
    field: string,
    faults: FieldFault[],
  ): Promise<Answer | undefined> {
    try {
      return await work;
    } catch (problem) {
      if (!(problem instanceof Problem) || ![404, 422].includes(problem.status)) throw problem;
      await this.audit.recordRefusal(actor, problem);
      faults.push({ field, message: problem.detail });
      return undefined;
    }
  }

  private send(response: Response, name: string, text: string): void {
    response.type('text/csv; charset=utf-8').attachment(name).send(text);
  }
}

function addressOf(path: string, asked: AskedFields): string {
  return `${path}?${new URLSearchParams(Object.entries(asked).flatMap(([name, value]) => (value ? [[name, value]] : [])))}`;
}

const unclear = (faults: FieldFault[]): Problem =>
  kernelProblems.badInput(`${faults[0]!.message}. Open the page again and ask from there.`);
