import type { CatalogService } from '#catalog';
import type { RoutingLine } from '#coordinators';
import { answeringSystem, type PlacedLocation } from '#sites';
import type { PermissionRequest, RequestLine } from './permission-request.js';

/** Who asks for what, as far as routing needs it; with the duty whose step it waits for, and who may not decide it. */
export type Asked = Pick<RequestLine, 'application' | 'level' | 'code'> &
  Partial<Pick<RequestLine, 'duty' | 'excluded'>> &
  Pick<PermissionRequest, 'staffMemberId'>;

/**
 * What is asked for is to routing: the one way to it, for submitting, viewing, deciding, waiting and following alike.
 * @param place where the asked location is, that day
 */
export function lineOf(
  { application, staffMemberId, duty, excluded }: Omit<Asked, 'level' | 'code'>,
  place: PlacedLocation,
  catalog: CatalogService,
): RoutingLine {
  const known = catalog.applications().find(({ code }) => code === application);
  const answering = answeringSystem(place, known?.servedSites ?? false);
  return {
    application,
    location: { level: place.level, code: place.code },
    ...(answering && { systemCode: answering.code }),
    ...(answering && answering.code !== place.system.code && { served: true as const }),
    requesterId: staffMemberId,
    ...(duty && { duty }),
    ...(excluded?.length && { excluded: [...excluded] }),
    words: {
      place: place.name,
      isSchool: place.kind === 'school',
      system: answering?.name,
      application: known?.name ?? application,
    },
  };
}
