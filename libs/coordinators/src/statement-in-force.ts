/** What coordinators sign. */
export const statementName = 'coordinator';

/**
 * A person whose signature under the coordinators' statement is in force on a day, as SQL: the one place that says so. It
 * is in force for one year from the day of signing.
 * @param staffMember SQL for the staff member's id
 * @param day SQL for the day; used twice
 */
export const signedStatement = (staffMember: string, day: string): string =>
  `exists (select 1 from statement_signature g where g.staff_member_id = ${staffMember} and g.statement = '${statementName}'
    and g.signed_on <= ${day}::date and g.signed_on + interval '1 year' > ${day}::date)`;
