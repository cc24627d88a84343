import { Problem, problemKind } from '#kernel';
import type { Plan } from './planned-change.js';

export const oversightProblems = {
  notFound: problemKind('oversight.not-found', 404, 'Not found'),
  notYours: problemKind('oversight.not-yours', 403, 'For the state office'),
  worldChanged: problemKind('oversight.world-changed', 409, 'Something changed meanwhile'),
};

/** oversight.world-changed (409): nothing was saved; `plan` is what the change would do now, to show and confirm anew. */
export class WorldChanged extends Problem {
  constructor(readonly plan: Plan) {
    const { code, status, title } = oversightProblems.worldChanged;
    super(
      code,
      status,
      title,
      'What the change would move is not what you saw any more. Nothing was saved. Look at the new plan and confirm it.',
    );
  }
}
