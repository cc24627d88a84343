import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { locationKey, type PlacedLocation, SitesService } from '#sites';
import { PermissionRequest, RequestLine } from './permission-request.js';
import { askedLines } from './question-rows.js';
import type { LineSummary, RequestSummary } from './request-views.js';
import { distinctPlaces, togetherBy } from './together.js';

/** What is looked up once for all lines that are summed up. */
export interface SummaryFacts {
  /** By `locationKey`. */
  places: Map<string, PlacedLocation>;
  /** Ids of the lines that wait for an answer of the requester. */
  asked: Set<string>;
}

/** Requests and lines in the short form of lists. */
@Injectable()
export class RequestSummaries {
  constructor(
    private readonly em: EntityManager,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
  ) {}

  /** Requests with their lines, in the order of the requests; four statements, however many there are. */
  async of(requestIds: string[]): Promise<{ request: PermissionRequest; summary: RequestSummary }[]> {
    const own = { $in: requestIds };
    const requests = await this.em.find(PermissionRequest, { id: own }, { disableIdentityMap: true });
    const lines = (await this.em.find(
      RequestLine,
      { request: own },
      { disableIdentityMap: true, exclude: ['routing'], orderBy: { position: 'asc' } },
    )) as RequestLine[];
    const facts = await this.factsOf(lines);
    const byRequest = new Map(togetherBy(lines, requestOf).map((some) => [requestOf(some[0]!), some]));
    const byId = new Map(requests.map((request) => [request.id, request]));
    return requestIds.flatMap((id) => {
      const request = byId.get(id);
      return request ? [{ request, summary: this.request(request, byRequest.get(id) ?? [], facts) }] : [];
    });
  }

  /** What summing up lines needs. */
  async factsOf(lines: RequestLine[]): Promise<SummaryFacts> {
    return {
      places: await this.sites.placeMany(distinctPlaces(lines)),
      asked: await askedLines(this.em, [...new Set(lines.map(requestOf))]),
    };
  }

  request(
    { id, reference, submittedAt }: PermissionRequest,
    lines: RequestLine[],
    facts: SummaryFacts,
  ): RequestSummary {
    return { id, reference, submittedAt, lines: lines.map((line) => this.line(line, facts)) };
  }

  line(line: RequestLine, { places, asked }: SummaryFacts): LineSummary {
    const { id, application, role, permission, status, decidedAt } = line;
    const names = this.catalog.names(application, role, permission);
    return {
      id,
      application: { code: application, name: names.application },
      role: { code: role, name: names.role },
      place: places.get(locationKey(line))!,
      permission: { code: permission, name: names.permission },
      status,
      decidedAt: decidedAt ?? undefined,
      asked: asked.has(id),
    };
  }
}

const requestOf = (line: RequestLine): string => line.request.id;
