/** A column of BigTable. */
export interface TableColumn<Key extends string = string> {
  readonly key: Key
  readonly label: string
  readonly leastPx: number
  /** Part of the spare width it gets; 0 = none. */
  readonly grow: number
  readonly align?: 'left' | 'right'
  readonly sortable?: boolean
  readonly mono?: boolean
  /** Explains the column on hover. */
  readonly hint?: string
  /** Explains an em dash in it on hover. */
  readonly absent?: string
}
