import { IsIn, IsString, IsUUID, Length } from 'class-validator';

/** How the state desk settles a dispute about a Staff ID. */
export class DisputeForm {
  @IsUUID()
  id!: string;

  @IsIn(['holder-keeps', 'holder-unlinked'], { message: 'Choose who keeps the Staff ID' })
  outcome!: 'holder-keeps' | 'holder-unlinked';

  @IsString({ message: 'Write what you found out; it is kept' })
  @Length(1, 2000, { message: 'Write what you found out, at most 2,000 characters; it is kept' })
  note!: string;
}
