/**
 * The order of libs, bottom first. An import goes only to a lower floor; equal floors do not see each other
 * (test/house/floors.spec.ts). `guard` depends on nothing of ours: other teams copy it.
 */
export const floors: Record<string, number> = {
  kernel: 0,
  audit: 1,
  notifications: 2,
  web: 2,
  sites: 3,
  catalog: 3,
  accounts: 4,
  staff: 5,
  coordinators: 6,
  grants: 7,
  requests: 8,
  signals: 9,
  tokens: 10,
  oversight: 10,
  compliance: 11,
};
