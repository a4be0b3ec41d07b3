BEGIN TRANSACTION;
CREATE TABLE ionwand_revision (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT ionwand_revision_pkc PRIMARY KEY (version_num)
);
INSERT INTO "ionwand_revision" VALUES('0001');
CREATE TABLE wand (
	id INTEGER NOT NULL, 
	board_id VARCHAR(16) NOT NULL, 
	first_seen DATETIME NOT NULL, 
	last_seen DATETIME NOT NULL, 
	CONSTRAINT pk_wand PRIMARY KEY (id), 
	CONSTRAINT uq_wand_board_id UNIQUE (board_id)
);
INSERT INTO "wand" VALUES(1,'e660583883724a2f','2026-02-28 07:30:00.000000','2026-11-26 16:07:05.904097');
INSERT INTO "wand" VALUES(2,'aaaa583883724a2f','2026-03-01 08:00:00.000000','2026-03-01 10:00:00.000000');
CREATE TABLE wand_calibration (
	id INTEGER NOT NULL, 
	wand_id INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	due_on DATE NOT NULL, 
	who TEXT NOT NULL, 
	firmware TEXT NOT NULL, 
	meter TEXT NOT NULL, 
	found_ok BOOLEAN NOT NULL, 
	found_worst_na DOUBLE NOT NULL, 
	left_ok BOOLEAN NOT NULL, 
	left_worst_na DOUBLE NOT NULL, 
	expanded_u_na DOUBLE NOT NULL, 
	result JSON NOT NULL, 
	CONSTRAINT pk_wand_calibration PRIMARY KEY (id), 
	CONSTRAINT fk_wand_calibration_wand_id FOREIGN KEY(wand_id) REFERENCES wand (id), 
	CONSTRAINT uq_wand_calibration_wand_id UNIQUE (wand_id, digest)
);
INSERT INTO "wand_calibration" VALUES(1,1,'1411233787df4190bd1ce2740640b0c4b08eca1898cc86dcffa238554709518e','2026-02-28 07:30:00.000000','2027-02-27','A. Technician','0.1.0','EXAMPLE INSTRUMENTS,DMM6500,04400001,1.7.12',0,3.84307739940471947207e+03,1,-1.67546011416619876396e+02,2.04297234440410392154e+02,'{"board_id": "e660583883724a2f", "firmware": "0.1.0", "when": "2026-02-27T23:30:00-08:00", "who": "A. Technician", "meter": "EXAMPLE INSTRUMENTS,DMM6500,04400001,1.7.12", "loads_ohm": [2200.0, 4700.0, 10000.0], "ambient": "23 \u00b0C, 45 %", "as_found": [{"load_ohm": 2200.0, "bridge": 1, "setpoint_na": 50000, "code": 5453, "meter_na": 51087.291085189325, "meter_u_na": 29.464082385264238, "delivered_na": 50043.48336826099, "sense_a_raw": 800.0, "e1_raw": 21411.57811260904, "e2_raw": 21241.422186710708, "rail_raw": 21570.182394924665, "fast_a_raw": 124.13108242303872, "fast_b_raw": 309.7893432465923}, {"load_ohm": 2200.0, "bridge": 1, "setpoint_na": 100000, "code": 10905, "meter_na": 101323.9801485363, "meter_u_na": 31.148365169115163, "delivered_na": 99977.06369047085, "sense_a_raw": 1600.0, "e1_raw": 21411.57811260904, "e2_raw": 21074.0993523998, "rail_raw": 21570.182394924665, "fast_a_raw": 248.26216484607744, "fast_b_raw": 619.5786864931846}], "as_left": [{"load_ohm": 2200.0, "bridge": 1, "setpoint_na": 50000, "code": 5453, "meter_na": 50000.20750282883, "meter_u_na": 29.43920758678262, "delivered_na": 50033.505570234105, "sense_a_raw": 800.0, "e1_raw": 21411.57811260904, "e2_raw": 21245.042925050057, "rail_raw": 21570.182394924665, "fast_a_raw": 124.13108242303872, "fast_b_raw": 309.7893432465923}, {"load_ohm": 2200.0, "bridge": 1, "setpoint_na": 100000, "code": 10905, "meter_na": 99943.85964878296, "meter_u_na": 31.08885654196063, "delivered_na": 99956.99535809009, "sense_a_raw": 1600.0, "e1_raw": 21411.57811260904, "e2_raw": 21078.696105848623, "rail_raw": 21570.182394924665, "fast_a_raw": 248.26216484607744, "fast_b_raw": 619.5786864931846}], "coefficients": [{"name": "dac_pa_per_code", "unit": "pA", "before": 9170, "after": 9227, "u": 1.1, "lowest": 8986, "highest": 9354, "on_wand": true}, {"name": "dac_offset_na", "unit": "nA", "before": 0, "after": 702, "u": 38.0, "lowest": -3000, "highest": 3000, "on_wand": true}], "residuals_na": [-5.747401881725425, 172.72064639983907], "budget": [{"source": "meter, gain", "u_na": 57.7, "how": "\u00b1200 ppm, flat"}, {"source": "meter, offset", "u_na": 28.9, "how": "\u00b150 nA, flat"}], "expanded_u_na": 204.2972344404104, "found": {"worst_error_na": 3843.0773994047195, "worst_error_ppm": 22576.73886342789, "allowed": "\u00b10.5 % \u00b11 \u00b5A from 50 to 500 \u00b5A", "ok": false}, "left": {"worst_error_na": -167.54601141661988, "worst_error_ppm": -1710.4103162429237, "allowed": "\u00b10.5 % \u00b11 \u00b5A from 50 to 500 \u00b5A", "ok": true}, "notes": "Made-up example: no wand was measured.", "version": 1}');
INSERT INTO "wand_calibration" VALUES(2,1,'3001cfb5171c91d2002f839244363d868b295c8f935ee7df76af2aece8fd3d2b','2026-02-28 23:00:00.000000','2027-03-01','A. Technician','0.1.0','EXAMPLE INSTRUMENTS,DMM6500,04400001,1.7.12',0,3.80114818745321827011e+03,1,-1.29563736925600096586e+02,2.04297234440410392154e+02,'{"board_id": "e660583883724a2f", "firmware": "0.1.0", "when": "2026-03-01T08:00:00+09:00", "who": "A. Technician", "meter": "EXAMPLE INSTRUMENTS,DMM6500,04400001,1.7.12", "loads_ohm": [2200.0, 4700.0, 10000.0], "ambient": "23 \u00b0C, 45 %", "as_found": [{"load_ohm": 2200.0, "bridge": 1, "setpoint_na": 50000, "code": 5453, "meter_na": 51150.29000417055, "meter_u_na": 29.465539684522046, "delivered_na": 49980.114382757994, "sense_a_raw": 800.0, "e1_raw": 21411.57811260904, "e2_raw": 21241.212356845746, "rail_raw": 21570.182394924665, "fast_a_raw": 124.13108242303872, "fast_b_raw": 309.7893432465923}, {"load_ohm": 2200.0, "bridge": 1, "setpoint_na": 100000, "code": 10905, "meter_na": 101343.69157727387, "meter_u_na": 31.149220176971713, "delivered_na": 100004.39564341719, "sense_a_raw": 1600.0, "e1_raw": 21411.57811260904, "e2_raw": 21074.033699742628, "rail_raw": 21570.182394924665, "fast_a_raw": 248.26216484607744, "fast_b_raw": 619.5786864931846}], "as_left": [{"load_ohm": 2200.0, "bridge": 1, "setpoint_na": 50000, "code": 5453, "meter_na": 49953.634231949494, "meter_u_na": 29.43815337799557, "delivered_na": 49965.826986640655, "sense_a_raw": 800.0, "e1_raw": 21411.57811260904, "e2_raw": 21245.198046174315, "rail_raw": 21570.182394924665, "fast_a_raw": 124.13108242303872, "fast_b_raw": 309.7893432465923}, {"load_ohm": 2200.0, "bridge": 1, "setpoint_na": 100000, "code": 10905, "meter_na": 99979.36698716086, "meter_u_na": 31.090378752523723, "delivered_na": 100026.16590176504, "sense_a_raw": 1600.0, "e1_raw": 21411.57811260904, "e2_raw": 21078.577841914295, "rail_raw": 21570.182394924665, "fast_a_raw": 248.26216484607744, "fast_b_raw": 619.5786864931846}], "coefficients": [{"name": "dac_pa_per_code", "unit": "pA", "before": 9170, "after": 9227, "u": 1.1, "lowest": 8986, "highest": 9354, "on_wand": true}, {"name": "dac_offset_na", "unit": "nA", "before": 0, "after": 702, "u": 38.0, "lowest": -3000, "highest": 3000, "on_wand": true}], "residuals_na": [-111.0525627994176, -98.20338249595822], "budget": [{"source": "meter, gain", "u_na": 57.7, "how": "\u00b1200 ppm, flat"}, {"source": "meter, offset", "u_na": 28.9, "how": "\u00b150 nA, flat"}], "expanded_u_na": 204.2972344404104, "found": {"worst_error_na": 3801.1481874532183, "worst_error_ppm": 23005.800083411013, "allowed": "\u00b10.5 % \u00b11 \u00b5A from 50 to 500 \u00b5A", "ok": false}, "left": {"worst_error_na": -129.5637369256001, "worst_error_ppm": 1111.202228665934, "allowed": "\u00b10.5 % \u00b11 \u00b5A from 50 to 500 \u00b5A", "ok": true}, "notes": "Made-up example: no wand was measured.", "version": 1}');
INSERT INTO "wand_calibration" VALUES(3,2,'930ffb3f0c506d92417a20b078b052279ee9d58c45867ef36455249dd65a6df2','2026-03-01 08:00:00.000000','2026-09-01','A. Technician','0.1.0','EXAMPLE INSTRUMENTS,DMM6500,04400001,1.7.12',0,3.86431000090279849236e+03,1,-2.4634515128584462218e+02,2.04297234440410392154e+02,'{"board_id": "aaaa583883724a2f", "firmware": "0.1.0", "when": "2026-03-01T09:00:00+01:00", "who": "A. Technician", "meter": "EXAMPLE INSTRUMENTS,DMM6500,04400001,1.7.12", "loads_ohm": [2200.0, 4700.0, 10000.0], "ambient": "23 \u00b0C, 45 %", "as_found": [{"load_ohm": 2200.0, "bridge": 1, "setpoint_na": 50000, "code": 5453, "meter_na": 51015.68248229724, "meter_u_na": 29.46242801923258, "delivered_na": 50037.500731432505, "sense_a_raw": 800.0, "e1_raw": 21411.57811260904, "e2_raw": 21241.660692763166, "rail_raw": 21570.182394924665, "fast_a_raw": 124.13108242303872, "fast_b_raw": 309.7893432465923}, {"load_ohm": 2200.0, "bridge": 1, "setpoint_na": 100000, "code": 10905, "meter_na": 101264.11729793675, "meter_u_na": 31.14576941889654, "delivered_na": 100029.77131841557, "sense_a_raw": 1600.0, "e1_raw": 21411.57811260904, "e2_raw": 21074.29873699339, "rail_raw": 21570.182394924665, "fast_a_raw": 248.26216484607744, "fast_b_raw": 619.5786864931846}], "as_left": [{"load_ohm": 2200.0, "bridge": 1, "setpoint_na": 50000, "code": 5453, "meter_na": 49955.686519158124, "meter_u_na": 29.438199812624504, "delivered_na": 49979.870915327716, "sense_a_raw": 800.0, "e1_raw": 21411.57811260904, "e2_raw": 21245.19121064198, "rail_raw": 21570.182394924665, "fast_a_raw": 124.13108242303872, "fast_b_raw": 309.7893432465923}, {"load_ohm": 2200.0, "bridge": 1, "setpoint_na": 100000, "code": 10905, "meter_na": 100008.4285130309, "meter_u_na": 31.091624976006216, "delivered_na": 99965.87074373435, "sense_a_raw": 1600.0, "e1_raw": 21411.57811260904, "e2_raw": 21078.481046982768, "rail_raw": 21570.182394924665, "fast_a_raw": 248.26216484607744, "fast_b_raw": 619.5786864931846}], "coefficients": [{"name": "dac_pa_per_code", "unit": "pA", "before": 9170, "after": 9227, "u": 1.1, "lowest": 8986, "highest": 9354, "on_wand": true}, {"name": "dac_offset_na", "unit": "nA", "before": 0, "after": 702, "u": 38.0, "lowest": -3000, "highest": 3000, "on_wand": true}], "residuals_na": [-70.25541718046392, -72.35328860922277], "budget": [{"source": "meter, gain", "u_na": 57.7, "how": "\u00b1200 ppm, flat"}, {"source": "meter, offset", "u_na": 28.9, "how": "\u00b150 nA, flat"}], "expanded_u_na": 204.2972344404104, "found": {"worst_error_na": 3864.3100009027985, "worst_error_ppm": 21552.224754860654, "allowed": "\u00b10.5 % \u00b11 \u00b5A from 50 to 500 \u00b5A", "ok": false}, "left": {"worst_error_na": -246.34515128584462, "worst_error_ppm": -2463.451512858446, "allowed": "\u00b10.5 % \u00b11 \u00b5A from 50 to 500 \u00b5A", "ok": true}, "notes": "Made-up example: no wand was measured.", "version": 1}');
CREATE TABLE wand_selftest (
	id INTEGER NOT NULL, 
	wand_id INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	firmware TEXT NOT NULL, 
	fault TEXT NOT NULL, 
	results JSON NOT NULL, 
	CONSTRAINT pk_wand_selftest PRIMARY KEY (id), 
	CONSTRAINT fk_wand_selftest_wand_id FOREIGN KEY(wand_id) REFERENCES wand (id), 
	CONSTRAINT uq_wand_selftest_wand_id UNIQUE (wand_id, at, digest)
);
INSERT INTO "wand_selftest" VALUES(1,1,'45932860d99c722131b18eae60e0cf644374445128de573ff4e1923716c49c33','2026-03-01 10:00:00.000000','0.1.0','','{"rail": "passed"}');
INSERT INTO "wand_selftest" VALUES(2,2,'4c5404da2a6efc9210c06e4f2a1297066d5724288407c032370898eed40cdc58','2026-03-01 10:00:00.000000','0.0.9','rail','{"rail": "FAILED"}');
CREATE TABLE wand_session (
	id INTEGER NOT NULL, 
	wand_id INTEGER NOT NULL, 
	number BIGINT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	pulled_at DATETIME NOT NULL, 
	product TEXT NOT NULL, 
	ended TEXT NOT NULL, 
	dose_uc BIGINT NOT NULL, 
	output_ms BIGINT NOT NULL, 
	data JSON NOT NULL, 
	CONSTRAINT pk_wand_session PRIMARY KEY (id), 
	CONSTRAINT fk_wand_session_wand_id FOREIGN KEY(wand_id) REFERENCES wand (id), 
	CONSTRAINT uq_wand_session_wand_id UNIQUE (wand_id, number, digest)
);
INSERT INTO "wand_session" VALUES(1,1,1,'e060617de6b1bdfdd06379a5b426e6eea1b62103c370575c388e356db67e1f15','2026-11-26 16:07:05.904097','vitamin-c','complete',75000,300000,'{"number": 1, "product": "vitamin-c", "end": "complete", "dose_uc": 75000, "output_ms": 300000, "session_ms": 310000, "mean_ua": 249, "setpoint_ua": 250, "firmware": 256, "series": [[250, 249, 50000]]}');
INSERT INTO "wand_session" VALUES(2,1,2,'52eff35129ab6d15f8fab0ae6375be92d8bb5278a2385ec1be2f89e537b1cf75','2026-11-26 16:07:05.904097','vitamin-c','complete',75000,300000,'{"number": 2, "product": "vitamin-c", "end": "complete", "dose_uc": 75000, "output_ms": 300000, "session_ms": 310000, "mean_ua": 249, "setpoint_ua": 250, "firmware": 256, "series": [[250, 249, 50000]]}');
CREATE TABLE wand_version (
	id INTEGER NOT NULL, 
	wand_id INTEGER NOT NULL, 
	firmware TEXT NOT NULL, 
	first_seen DATETIME NOT NULL, 
	last_seen DATETIME NOT NULL, 
	CONSTRAINT pk_wand_version PRIMARY KEY (id), 
	CONSTRAINT fk_wand_version_wand_id FOREIGN KEY(wand_id) REFERENCES wand (id), 
	CONSTRAINT uq_wand_version_wand_id UNIQUE (wand_id, firmware)
);
INSERT INTO "wand_version" VALUES(1,1,'0.1.0','2026-02-28 07:30:00.000000','2026-03-01 10:00:00.000000');
INSERT INTO "wand_version" VALUES(2,1,'0.2.0','2026-03-03 10:00:00.000000','2026-03-03 10:00:00.000000');
INSERT INTO "wand_version" VALUES(3,2,'0.1.0','2026-03-01 08:00:00.000000','2026-03-01 08:00:00.000000');
INSERT INTO "wand_version" VALUES(4,2,'0.0.9','2026-03-01 10:00:00.000000','2026-03-01 10:00:00.000000');
CREATE INDEX ix_wand_version_wand_id ON wand_version (wand_id);
CREATE INDEX ix_wand_calibration_wand_id ON wand_calibration (wand_id);
CREATE INDEX ix_wand_calibration_due_on ON wand_calibration (due_on);
CREATE INDEX ix_wand_selftest_wand_id ON wand_selftest (wand_id);
CREATE INDEX ix_wand_session_wand_id ON wand_session (wand_id);
COMMIT;
