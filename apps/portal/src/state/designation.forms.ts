import { IsHexadecimal, IsInt, IsOptional, IsString, Length, Max, MaxLength, Min } from 'class-validator';
import { Type } from 'class-transformer';

/** One step on a designation; `version` is what the page showed. */
export class DesignationStepForm {
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  version!: number;

  @IsOptional()
  @IsString()
  @MaxLength(2000, { message: 'Write at most 2,000 characters' })
  note?: string;
}

/** The state office says no, and why. */
export class RefuseDesignationForm {
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  version!: number;

  @IsString({ message: 'Write why; the head and the person read it' })
  @Length(1, 2000, { message: 'Write why, at most 2,000 characters; the head and the person read it' })
  reason!: string;
}

/** The grant, first looked at and then confirmed. */
export class GrantDesignationForm {
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  version!: number;

  @IsOptional()
  @IsHexadecimal()
  @MaxLength(128)
  planHash?: string;
}
