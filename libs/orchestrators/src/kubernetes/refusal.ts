import { nameOf, type ObjectReference } from '@berth/deploy';
import { ApiError, ConflictError } from '@berth/kube';

/** What the server says of an object that it will never take as it is: invalid, forbidden, or too large. */
const refusing = new Set([400, 403, 413, 422]);

export function isRefused(error: unknown): error is ApiError {
  return error instanceof ApiError && !(error instanceof ConflictError) && refusing.has(error.status);
}

/** A refusal as one sentence of several. */
export function refusalOf(object: ObjectReference, { message, hint }: ApiError): string {
  return `${nameOf(object)}: ${message}${hint ? ` ${hint}` : ''}`;
}
