import { MikroORM, type PostgreSqlConnection } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';

/** One SQL statement with `$1` placeholders; its name makes PostgreSQL parse and plan it once a connection. */
export interface Statement {
  name: string;
  text: string;
}

/**
 * Prepared statements on the pool of the ORM. The hot paths of this lib run here: MikroORM writes values into the
 * text of raw SQL, which PostgreSQL then parses and plans anew each time.
 */
@Injectable()
export class Statements {
  private pool?: Pool;

  constructor(private readonly orm: MikroORM) {}

  /** Runs a statement on a connection of its own, outside any transaction of the caller. */
  async rows<Row extends object>(statement: Statement, values: unknown[]): Promise<Row[]> {
    return (await this.run<Row>(statement, values)).rows;
  }

  /** How many rows a statement changed. */
  async changed(statement: Statement, values: unknown[]): Promise<number> {
    return (await this.run(statement, values)).rowCount ?? 0;
  }

  private async run<Row extends object>({ name, text }: Statement, values: unknown[]) {
    this.pool ??= (await (this.orm.em.getConnection() as PostgreSqlConnection).getNativeClient()) as Pool;
    return this.pool.query<Row>({ name, text, values });
  }
}
