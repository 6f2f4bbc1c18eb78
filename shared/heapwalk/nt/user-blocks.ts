import type { NtLayout } from './nt-layout'

/** Stands in every low-fragmentation container (walk.md 4). */
export const USER_BLOCKS_SIGNATURE = 0xf0e0d0c0

export function userBlocksSignatureOffset({ layout }: NtLayout): number {
  return layout.offset('HEAP_USERDATA_HEADER', 'Signature')
}
