import { Transform } from 'class-transformer';
import { IsInt, IsOptional, Max, MaxLength, Min } from 'class-validator';

/** An offer to ask for the whole school system. */
export class SuggestForm {
  /** Of the request the page showed (CO-4). */
  @Transform(({ value }) => Number(value))
  @IsInt()
  @Min(1)
  @Max(999_999_999)
  version!: number;

  @IsOptional()
  @MaxLength(2000, { message: 'Write at most 2,000 characters' })
  note?: string;
}
