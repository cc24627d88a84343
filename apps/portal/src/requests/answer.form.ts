import { IsIn, IsOptional, IsUUID, Matches } from 'class-validator';

/** The requester's answer to an offer. */
export class AnswerForm {
  @IsUUID()
  suggestionId!: string;

  @IsIn(['accept', 'decline'])
  answer!: 'accept' | 'decline';
}

/** The requester's answer to less than was asked for. */
export class OfferAnswerForm {
  @IsUUID()
  offerId!: string;

  @IsIn(['accept', 'decline'])
  answer!: 'accept' | 'decline';

  /** The grants the page said would end, with commas between. */
  @IsOptional()
  @Matches(/^[0-9a-f,-]{0,4000}$/)
  ends?: string;
}
