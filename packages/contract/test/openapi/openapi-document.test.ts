import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { createOpenApiDocument, endpoints } from '../../src/index.ts';

/** As clients get it. */
const document = JSON.parse(JSON.stringify(createOpenApiDocument('1.2.3')));

describe('the OpenAPI document', () => {
  test('is one by the schema of OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(document)).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  test('has every endpoint once, under its id', () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods as Record<string, { operationId: string }>).map(
        ([method, { operationId }]) => `${operationId} ${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      ),
    );
    expect(operations.sort()).toEqual(endpoints.map(({ id, method, path }) => `${id} ${method} ${path}`).sort());
  });

  test('declares what a request may hold and what comes back', () => {
    const run = document.paths['/jars/{jarid}/run'].post;
    expect(run.parameters.map(({ in: place, name }: { in: string; name: string }) => `${place} ${name}`)).toEqual([
      'path jarid',
      'query allowNonRestoredState',
      'query savepointPath',
      'query program-args',
      'query programArg',
      'query entry-class',
      'query parallelism',
    ]);
    expect(run.requestBody.required).toBe(false);
    expect(Object.keys(run.requestBody.content['application/json'].schema.properties)).toContain('savepointPath');
    expect(run.responses['200'].content['application/json'].schema.properties.jobid).toEqual({ type: 'string' });
    expect(document.paths['/jobs/{jobid}/savepoints'].post.responses['202']).toBeDefined();
    expect(document.paths['/jars/upload'].post.requestBody.content['multipart/form-data']).toBeDefined();
    expect(document.paths['/jobmanager/log'].get.responses['200'].content['text/plain']).toBeDefined();
  });
});
