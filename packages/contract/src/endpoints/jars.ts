// Job jars: upload, list, plan, run, delete.
import { Type } from 'typebox';
import { defineEndpoint } from '../endpoint.ts';
import { closed } from '../schemas/common.ts';

const pathParameters = {
  jarid: { type: 'string', description: 'Last part of the file name that the upload answered' },
} as const;

const programParameters = {
  'program-args': { type: 'string', description: 'Arguments in one string; use programArg' },
  programArg: { type: 'string', isList: true, description: 'Arguments' },
  'entry-class': { type: 'string', description: 'Overrides the entry class of the manifest' },
  parallelism: { type: 'integer', description: 'Parallelism of the job' },
} as const;

const programBody = {
  entryClass: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  programArgs: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  programArgsList: Type.Optional(Type.Union([Type.Array(Type.String()), Type.Null()])),
  parallelism: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  jobId: Type.Optional(Type.Union([Type.String(), Type.Null()])),
};

/** The plan as Flink writes it. */
export const JarPlan = Type.Object({
  plan: Type.Object({ jid: Type.String(), name: Type.String(), nodes: Type.Array(Type.Unknown()) }),
});

export const listJars = defineEndpoint({
  id: 'listJars',
  method: 'GET',
  path: '/jars',
  summary: 'Uploaded jars, newest first',
  response: Type.Object({
    address: Type.String(),
    files: Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        uploaded: Type.Integer({ description: 'Epoch ms' }),
        entry: Type.Array(Type.Object({ name: Type.String(), description: Type.Union([Type.String(), Type.Null()]) })),
      }),
    ),
  }),
});

export const uploadJar = defineEndpoint({
  id: 'uploadJar',
  method: 'POST',
  path: '/jars/upload',
  kind: 'upload',
  summary: 'Upload one job jar as multipart/form-data',
  response: Type.Object({ filename: Type.String(), status: Type.Literal('success') }),
});

export const deleteJar = defineEndpoint({
  id: 'deleteJar',
  method: 'DELETE',
  path: '/jars/:jarid',
  summary: 'Delete an uploaded jar',
  pathParameters,
  response: Type.Object({}),
});

const plan = {
  path: '/jars/:jarid/plan',
  summary: 'The plan of a program, without running it',
  pathParameters,
  queryParameters: programParameters,
  body: { name: 'JarPlanRequestBody', schema: Type.Object(programBody, closed), isOptional: true },
  response: JarPlan,
} as const;

export const planJar = defineEndpoint({ ...plan, id: 'planJar', method: 'GET' });
/** Of later versions; 1.9 registers it but never reaches it. */
export const planJarByPost = defineEndpoint({ ...plan, id: 'planJarByPost', method: 'POST' });

export const runJar = defineEndpoint({
  id: 'runJar',
  method: 'POST',
  path: '/jars/:jarid/run',
  summary: 'Submit the job of a jar',
  pathParameters,
  queryParameters: {
    allowNonRestoredState: {
      type: 'boolean',
      description: 'State that the program has no operator for may be left out',
    },
    savepointPath: { type: 'string', description: 'Savepoint to start from' },
    ...programParameters,
  },
  body: {
    name: 'JarRunRequestBody',
    schema: Type.Object(
      {
        ...programBody,
        allowNonRestoredState: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
        savepointPath: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      },
      closed,
    ),
    isOptional: true,
  },
  /** applicationId: of later versions. */
  response: Type.Object({ jobid: Type.String(), applicationId: Type.Optional(Type.String()) }),
});
