import { isIP } from 'node:net';
import type { Request } from 'express';

/**
 * The address a request came from, for limits and the audit log: read from the configured proxy hop only.
 * What stands there and is no address counts as the socket's, never as "nobody" (LK-2).
 */
export const addressOf = (request: Request): string =>
  isIP(request.ip ?? '') ? request.ip! : (request.socket.remoteAddress ?? 'unknown');
