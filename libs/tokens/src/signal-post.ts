import { createHash } from 'node:crypto';
import { lookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { seconds } from '#kernel';

/** What came back. */
export interface Answer {
  status: number;
  /** SHA-256 of the body, hex. */
  bodyHash: string;
}

/** An application that needs longer counts as not reached. */
const patience = seconds(3);
/** More of an answer is not read. */
const longestBody = 64 * 1024;

const inside = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  inside.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  inside.addSubnet(network, bits, 'ipv6');

/** Whether an address is one of an internal network; IPv4 written as IPv6 counts as what it is. */
export const isInside = (address: string): boolean => inside.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** The connection goes to the very address that was looked at, so a name that answers twice gains nothing. */
const outsideOnly: LookupFunction = (host, options, done) =>
  lookup(host, { ...options, all: true }, (fault, found) => {
    if (fault) return done(fault, '', 0);
    const first = found.find(({ address }) => isInside(address));
    if (first || !found[0]) return done(new Error(`${host} is at an internal address`), '', 0);
    if (options.all) (done as unknown as (fault: null, all: typeof found) => void)(null, found);
    else done(null, found[0].address, found[0].family);
  });

/**
 * Posts a token: no redirects, three seconds in all, never to an internal network unless this is a demonstration.
 * @throws Error when nobody answered
 */
export function postTo(address: string, sent: { type: string; body: string }, local: boolean): Promise<Answer> {
  const url = new URL(address);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    if (!local && (url.protocol !== 'https:' || (isIP(host) && isInside(host))))
      return reject(new Error(`${address} is no public https address`));
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      agent: false,
      signal: AbortSignal.timeout(patience),
      ...(!local && { lookup: outsideOnly }),
      headers: {
        'content-type': sent.type,
        'content-length': Buffer.byteLength(sent.body),
        accept: 'application/json',
      },
    });
    request.on('error', reject).on('response', (response) => {
      const hash = createHash('sha256');
      let length = 0;
      const done = (): void => resolve({ status: response.statusCode!, bodyHash: hash.digest('hex') });
      response.on('error', reject).on('end', done);
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length <= longestBody) hash.update(chunk);
        else response.destroy(new Error('the answer is too long'));
      });
    });
    request.end(sent.body);
  });
}
