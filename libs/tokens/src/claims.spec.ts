import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { EffectivePermission } from '#grants';
import { projectRoot } from '#settings';
import { eserClaims, permissionClaims } from './claims.js';

const permission = (
  application: string,
  role: string,
  code: string,
  level: 'system' | 'site',
  place: string,
  systemCode: string,
): EffectivePermission => ({
  application,
  role,
  permission: code,
  location: { level, code: place },
  systemCode,
});

const odile = [
  permission('ser-iep-form', 'iep-form', 'iep-form-writer', 'site', '395005', '395'),
  permission('ser', 'ser-data', 'ser-data-writer', 'system', '001', '001'),
  permission('ser-iep-form', 'iep-form', 'iep-form-approver', 'system', 'R36', 'R36'),
  permission('ser-iep-form', 'iep-form', 'iep-form-writer', 'site', '395001', 'R36'),
  permission('ser-iep-form', 'iep-form', 'iep-form-writer', 'system', '001', '001'),
];
const listAt = 'https://id.example.gov/oidc/userinfo';

const code = fc.stringMatching(/^[a-z][a-z0-9-]{0,29}$/);
const place = fc.stringMatching(/^[0-9A-Z][0-9A-Z-]{0,29}$/);
const anyPermission = fc.record({
  application: code,
  role: code,
  permission: code,
  location: fc.record({ level: fc.constantFrom('system' as const, 'site' as const), code: place }),
  systemCode: place,
});

describe('claims', () => {
  it('TK-1 equal the golden file, which docs/claims.md explains', () => {
    const golden = JSON.parse(readFileSync(join(projectRoot, 'libs/tokens/src/claims.golden.json'), 'utf8')) as unknown;
    expect(eserClaims('2019553801', odile, listAt)).toEqual(golden);
    expect(readFileSync(join(projectRoot, 'docs/claims.md'), 'utf8')).toContain('"iep-form-writer"');
  });

  it('are the same whatever the order of the grants', () => {
    fc.assert(
      fc.property(fc.array(anyPermission, { maxLength: 12 }), (permissions) => {
        expect(eserClaims('2019553801', [...permissions].reverse(), listAt)).toEqual(
          eserClaims('2019553801', permissions, listAt),
        );
      }),
    );
  });

  it('name every place of every permission once, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(anyPermission, { maxLength: 30 }), (permissions) => {
        const said = permissionClaims('2019553801', permissions).permissions!.flatMap((one) => [
          ...(one.systems ?? []).map((at) => `${one.application} ${one.role} ${one.permission} system ${at}`),
          ...(one.sites ?? []).map((at) => `${one.application} ${one.role} ${one.permission} site ${at}`),
        ]);
        const held = permissions.map(
          (one) => `${one.application} ${one.role} ${one.permission} ${one.location.level} ${one.location.code}`,
        );
        expect([...said].sort()).toEqual([...new Set(held)].sort());
      }),
    );
  });

  it('TK-1 are a closed set: no name, no address, no student', () => {
    fc.assert(
      fc.property(fc.array(anyPermission, { maxLength: 40 }), (permissions) => {
        const claims = eserClaims('2019553801', permissions, listAt);
        expect(['staff_id', 'permissions', 'permissions_at']).toEqual(expect.arrayContaining(Object.keys(claims)));
        for (const one of claims.permissions ?? [])
          expect(['application', 'role', 'permission', 'systems', 'sites']).toEqual(
            expect.arrayContaining(Object.keys(one)),
          );
      }),
    );
  });

  it('TK-2 codes named like reserved claims stay values', () => {
    const names = ['iss', 'sub', 'aud', 'roles', '__proto__', 'constructor', 'staff_id'];
    const claims = eserClaims(
      '2019553801',
      names.map((name) => permission(name, name, name, 'system', '001', '001')),
      listAt,
    );
    expect(Object.keys(claims)).toEqual(['staff_id', 'permissions']);
    expect(Object.getPrototypeOf(claims)).toBe(Object.prototype);
    expect(claims.permissions).toHaveLength(names.length);
  });

  it('a whole system stays one entry, however many sites it has', () => {
    expect(
      permissionClaims('2019553801', [permission('ser', 'ser-data', 'ser-data-writer', 'system', '001', '001')])
        .permissions,
    ).toEqual([{ application: 'ser', role: 'ser-data', permission: 'ser-data-writer', systems: ['001'] }]);
  });

  it('TK-1 keep the whole token under 4 kB; a list that does not fit is given by reference', async () => {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const kid = (await exportJWK(privateKey)).n!.slice(0, 36);
    const token = (claims: object): Promise<string> =>
      new SignJWT({
        ...(claims as JWTPayload),
        iss: `https://${'identity.'.repeat(10)}louisiana.example`,
        aud: `https://${'eser.'.repeat(15)}louisiana.example`,
        sub: '00000000-0000-4000-8000-000000000000',
        client_id: 'a-client-with-quite-a-long-name',
        jti: 'x'.repeat(43),
        scope: 'permissions',
        iat: 1_800_000_000,
        exp: 1_800_000_300,
      })
        .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid })
        .sign(privateKey);
    let byReference = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyPermission, { minLength: 0, maxLength: 400, size: 'max' }), async (permissions) => {
        const claims = eserClaims('2019553801', permissions, listAt);
        expect((await token(claims)).length).toBeLessThan(4096);
        expect('permissions' in claims).toBe(!('permissions_at' in claims));
        if (claims.permissions_at) byReference += 1;
      }),
      { numRuns: 60 },
    );
    expect(byReference).toBeGreaterThan(0);
    const sites = Array.from({ length: 150 }, (_, index) =>
      permission('ser', 'ser-data', 'ser-data-writer', 'site', `001${String(index).padStart(3, '0')}`, '001'),
    );
    expect(eserClaims('2019553801', sites, listAt).permissions).toHaveLength(1);
    expect(
      eserClaims('2019553801', [...sites, ...sites.map((one) => ({ ...one, permission: 'ser-data-reader' }))], listAt),
    ).toEqual({ staff_id: '2019553801', permissions_at: listAt });
  });
});
