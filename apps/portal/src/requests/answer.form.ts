import { IsIn, IsUUID } from 'class-validator';

/** The requester's answer to an offer. */
export class AnswerForm {
  @IsUUID()
  suggestionId!: string;

  @IsIn(['accept', 'decline'])
  answer!: 'accept' | 'decline';
}
