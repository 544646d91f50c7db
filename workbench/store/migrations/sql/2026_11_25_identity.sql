ALTER TABLE quarantine
    ADD COLUMN filing_site TEXT CONSTRAINT fk_quarantine_filing_site_site REFERENCES site (code),
    ADD COLUMN filing_by TEXT,
    ADD COLUMN filing_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN refused TEXT DEFAULT '' NOT NULL;

ALTER TABLE conflict
    ADD COLUMN newcomer JSONB,
    ADD COLUMN settled_by TEXT,
    ADD COLUMN settlement TEXT,
    ADD COLUMN reason TEXT DEFAULT '' NOT NULL,
    ADD COLUMN filed_under TEXT CONSTRAINT fk_conflict_filed_under_exam REFERENCES exam (id);

CREATE TABLE patient_apart (
    first_id TEXT NOT NULL,
    second_id TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_patient_apart PRIMARY KEY (first_id, second_id),
    CONSTRAINT fk_patient_apart_first_id_patient FOREIGN KEY(first_id) REFERENCES patient (id),
    CONSTRAINT fk_patient_apart_second_id_patient FOREIGN KEY(second_id) REFERENCES patient (id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON patient_apart TO workbench_app;

-- A patient number that is a resident identity number (GB 11643-1999, check sign right) is one.
UPDATE patient SET national_id = upper(trim(local_id))
WHERE national_id IS NULL
  AND upper(trim(local_id)) ~ '^[1-9]\d{5}(18|19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dX]$'
  AND substr('10X98765432', 1 + (
        SELECT sum(substr(trim(local_id), place, 1)::int
                   * (ARRAY[7,9,10,5,8,4,2,1,6,3,7,9,10,5,8,4,2])[place])
        FROM generate_series(1, 17) AS place)::int % 11, 1) = upper(substr(trim(local_id), 18, 1));

-- Conflicts noted by the first release: the worker reads what the later file says.
SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(
    'screen', 'describe_conflict', 0, NULL, 'conflict/' || conflict.id,
    jsonb_build_object('conflict_id', conflict.id), NULL
)::procrastinate_job_to_defer_v1])
FROM conflict WHERE settled_at IS NULL;
