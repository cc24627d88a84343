import type { ApprovalStep } from '#catalog';
import type { StepDuty } from './duty.js';
import type { Candidate, RoutingLine } from './routing-types.js';

/** Who a step of approval belongs to, in words: for one person, and for several. */
export const approvalWords: Record<ApprovalStep, { one: string; many: string }> = {
  'special-education-supervisor': { one: 'Special Education Supervisor', many: 'Special Education Supervisors' },
  coordinator: { one: 'Security Coordinator', many: 'Security Coordinators' },
  'application-owner': { one: 'application owner', many: 'application owners' },
};

interface DutyReason {
  duty: StepDuty;
  line: RoutingLine;
  system: string;
  application: string;
  /** How many people decide, and the word for it. */
  count: number;
  counted: string;
  /** The first of them. */
  winner?: Candidate;
}

/** Why the step of a duty goes to whom it goes, without the stop: to those who have the duty, else to the state in their place. */
export function dutyReason({ duty, line, system, application, count, counted, winner }: DutyReason): string {
  const { one, many } = approvalWords[duty];
  const where = duty === 'application-owner' ? application : system;
  const state = winner === undefined || winner.duty === undefined;
  if (line.passed)
    return state
      ? 'It was not decided in time, so the state office is asked too'
      : `It was not decided in time, so the ${count > 1 ? `other ${many}` : `other ${one}`} of ${where} ${count > 1 ? 'are' : 'is'} asked too`;
  if (!state) {
    const when = duty === 'application-owner' ? 'after' : 'before';
    return `The ${count > 1 ? `${counted} ${many}` : one} of ${where} ${count > 1 ? 'are' : 'is'} asked ${when} the coordinators`;
  }
  if (duty !== 'application-owner' && line.systemCode === undefined)
    return `No school system is on record as serving this site, so the state office decides in place of a ${one}`;
  return `${where} has no ${one} who can decide this, so the state office decides in their place`;
}
