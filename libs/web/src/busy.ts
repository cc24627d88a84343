/** PostgreSQL states that mean "too busy or away, try again": timeouts, locks, shutdown, no connection. */
const passing = /^(57014|55P03|57P0[1-3]|53300|08(?!P01)\w{3}|40001|40P01)$/;

/** Whether a fault says that the database is busy or away, so that trying again may help: 503, not 500. */
export function isBusy(fault: unknown): boolean {
  const { code } = (fault as { code?: unknown } | undefined) ?? {};
  if (typeof code === 'string' && passing.test(code)) return true;
  if (typeof code === 'string' && /^E(CONN\w+|PIPE|TIMEDOUT)$/.test(code)) return true;
  return (
    fault instanceof Error &&
    /timeout exceeded when trying to connect|Connection terminated|ECONN\w+/.test(fault.message)
  );
}

/** Whether the database never said what became of a change: it is saved whole, or not at all (R-05b, R-22). */
export const isUnknown = (fault: unknown): boolean => (fault as { code?: unknown } | undefined)?.code === '08007';
