/**
 * Apache Flink's monitoring REST contract (1.9, with additions of later versions) as data: endpoints with their parameters, bodies,
 * answers and statuses, and the wire form of errors. Nothing here does I/O; it runs in browsers as well.
 */
export {
  type AnyEndpoint,
  type BodyOf,
  defineEndpoint,
  type Endpoint,
  type EndpointDefinition,
  type EndpointKind,
  type HttpMethod,
  type PathOf,
  type QueryOf,
  type RequestBody,
  type ResponseOf,
} from './endpoint.ts';
export * as applicationEndpoints from './endpoints/applications.ts';
export * as checkpointEndpoints from './endpoints/checkpoints.ts';
export * as clusterEndpoints from './endpoints/cluster.ts';
export * as jarEndpoints from './endpoints/jars.ts';
export * as jobEndpoints from './endpoints/jobs.ts';
export * as savepointEndpoints from './endpoints/savepoints.ts';
export * as taskManagerEndpoints from './endpoints/task-managers.ts';
export * as vertexEndpoints from './endpoints/vertices.ts';
export { type EndpointGroup, endpointGroups, endpoints, findEndpoint } from './endpoints.ts';
export { createOpenApiDocument, type OpenApiDocument } from './openapi/openapi-document.ts';
export {
  type Parameter,
  type Parameters,
  type ParameterType,
  type ParameterValue,
  type PathValues,
  parseParameter,
  type QueryValues,
} from './parameters.ts';
export { executionStates, jobStatuses, type WireExecutionState, type WireJobStatus } from './schemas/common.ts';
export {
  describeBadBody,
  describeBadParameter,
  RestError,
  restError,
  statusOfError,
  toInternalWireError,
  toWireError,
  WireErrorBody,
  type WireErrorDomain,
} from './wire-error.ts';
