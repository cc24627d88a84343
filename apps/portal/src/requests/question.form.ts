import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsOptional, IsString, IsUUID, Length } from 'class-validator';

/** A question to the person who asked. */
export class QuestionForm {
  @IsString({ message: 'Write your question' })
  @Length(1, 2000, { message: 'Write your question, at most 2,000 characters' })
  question!: string;

  /** The lines it is about; none for all. */
  @IsOptional()
  @Transform(({ value }) => ([] as unknown[]).concat(value ?? []))
  @ArrayMaxSize(100)
  @IsUUID(undefined, { each: true })
  line?: string[];
}

/** The answer of the person who asked. */
export class QuestionAnswerForm {
  @IsUUID()
  questionId!: string;

  @IsString({ message: 'Write your answer' })
  @Length(1, 2000, { message: 'Write your answer, at most 2,000 characters' })
  answer!: string;
}
