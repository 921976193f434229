* cost + 0 is what is spent, and what a priced shortage costs, in 10^-4 of the currency
* held: license_assignments_unmet 0
* held: title_assignments_unmet 0
* held: uncovered 0
NAME licit
OBJSENSE
 MIN
ROWS
 N cost
 E r0_balance_1
 E r1_balance_2
 E r2_balance_3
 E r3_balance_4
 E r4_balance_5
 E r5_balance_6
 E r6_balance_7
 E r7_balance_8
 E r8_balance_9
 E r9_balance_10
 E r10_balance_11
 E r11_balance_12
 E r12_balance_13
 E r13_balance_14
 E r14_balance_15
 E r15_balance_16
 E r16_balance_17
 E r17_balance_18
 E r18_balance_19
 E r19_balance_20
 E r20_balance_21
 E r21_balance_22
 G r22_least_of_draw-pack_from_10
 L r23_most_of_draw-pack_from_10
 L r24_units_of_draw-pack
 L r25_units_of_draw-single
 L r26_units_of_keep
 G r27_least_of_new_from_1
 L r28_most_of_new_from_1
 G r29_least_of_new_from_10
 L r30_most_of_new_from_10
 L r31_one_stretch_of_new
 L r32_units_of_new
 L r33_level_1_held
 L r34_level_2_held
 L r35_level_3_held
COLUMNS
 start 'MARKER' 'INTORG'
 c0_flow_0_GivenUp r0_balance_1 1
 c1_flow_1_GivenUp r1_balance_2 1
 c2_flow_2_GivenUp r2_balance_3 1
 c3_flow_3_GivenUp r3_balance_4 1
 c4_flow_4_Demand r0_balance_1 1
 c4_flow_4_Demand r35_level_3_held -1
 c5_flow_5_GivenUp r4_balance_5 1
 c6_flow_6_Demand r4_balance_5 1
 c6_flow_6_Demand r35_level_3_held -1
 c7_flow_7_Right r1_balance_2 1
 c7_flow_7_Right r4_balance_5 -1
 c8_flow_8_GivenUp r5_balance_6 1
 c9_flow_9_Demand r5_balance_6 1
 c9_flow_9_Demand r35_level_3_held -1
 c10_flow_10_Right r2_balance_3 1
 c10_flow_10_Right r5_balance_6 -1
 c11_flow_11_Reclaimed_Money_150000__ cost 150000
 c11_flow_11_Reclaimed_Money_150000__ r5_balance_6 -1
 c12_flow_12_GivenUp r6_balance_7 1
 c13_flow_13_Demand r6_balance_7 1
 c13_flow_13_Demand r35_level_3_held -1
 c14_flow_14_Right r3_balance_4 1
 c14_flow_14_Right r6_balance_7 -1
 c15_flow_15_Idle r7_balance_8 1
 c16_flow_16_GivenUp r8_balance_9 1
 c17_flow_17_Right r0_balance_1 -1
 c17_flow_17_Right r8_balance_9 1
 c18_flow_18_Right r7_balance_8 1
 c18_flow_18_Right r8_balance_9 -1
 c19_flow_19_Offered_OfferId_0__ r9_balance_10 -1
 c19_flow_19_Offered_OfferId_0__ r24_units_of_draw-pack 1
 c20_flow_20_GivenUp r9_balance_10 1
 c21_flow_21_Right r9_balance_10 1
 c21_flow_21_Right r10_balance_11 -1
 c22_flow_22_GivenUp r10_balance_11 1
 c23_flow_23_Right r8_balance_9 -1
 c23_flow_23_Right r10_balance_11 1
 c24_flow_24_Offered_OfferId_1__ r11_balance_12 -1
 c24_flow_24_Offered_OfferId_1__ r25_units_of_draw-single 1
 c25_flow_25_GivenUp r11_balance_12 1
 c26_flow_26_Right r11_balance_12 1
 c26_flow_26_Right r12_balance_13 -1
 c27_flow_27_GivenUp r12_balance_13 1
 c28_flow_28_Right r8_balance_9 -1
 c28_flow_28_Right r12_balance_13 1
 c29_flow_29_Idle r13_balance_14 1
 c30_flow_30_GivenUp r14_balance_15 1
 c31_flow_31_Right cost 300000
 c31_flow_31_Right r1_balance_2 -1
 c31_flow_31_Right r14_balance_15 1
 c32_flow_32_Right r13_balance_14 1
 c32_flow_32_Right r14_balance_15 -1
 c33_flow_33_GivenUp r15_balance_16 1
 c34_flow_34_Right cost 300000
 c34_flow_34_Right r2_balance_3 -1
 c34_flow_34_Right r15_balance_16 1
 c35_flow_35_Right r3_balance_4 -1
 c35_flow_35_Right r15_balance_16 1
 c36_flow_36_Right r13_balance_14 1
 c36_flow_36_Right r15_balance_16 -1
 c37_flow_37_Offered_OfferId_2__ r16_balance_17 -1
 c37_flow_37_Offered_OfferId_2__ r26_units_of_keep 1
 c38_flow_38_GivenUp r16_balance_17 1
 c39_flow_39_Right r16_balance_17 1
 c39_flow_39_Right r17_balance_18 -1
 c40_flow_40_GivenUp r17_balance_18 1
 c41_flow_41_GivenUp r18_balance_19 1
 c42_flow_42_Right r1_balance_2 -1
 c42_flow_42_Right r18_balance_19 1
 c43_flow_43_Right r17_balance_18 1
 c43_flow_43_Right r18_balance_19 -1
 c44_flow_44_GivenUp r19_balance_20 1
 c45_flow_45_Right r2_balance_3 -1
 c45_flow_45_Right r19_balance_20 1
 c46_flow_46_Right r3_balance_4 -1
 c46_flow_46_Right r19_balance_20 1
 c47_flow_47_Right r17_balance_18 1
 c47_flow_47_Right r19_balance_20 -1
 c48_flow_48_Offered_OfferId_3__ r20_balance_21 -1
 c48_flow_48_Offered_OfferId_3__ r32_units_of_new 1
 c49_flow_49_GivenUp r20_balance_21 1
 c50_flow_50_Right r20_balance_21 1
 c50_flow_50_Right r21_balance_22 -1
 c51_flow_51_GivenUp r21_balance_22 1
 c52_flow_52_Right r18_balance_19 -1
 c52_flow_52_Right r21_balance_22 1
 c53_flow_53_Right r19_balance_20 -1
 c53_flow_53_Right r21_balance_22 1
 c54_packs_of_draw-pack_from_10 cost 0
 c54_packs_of_draw-pack_from_10 r22_least_of_draw-pack_from_10 1
 c54_packs_of_draw-pack_from_10 r23_most_of_draw-pack_from_10 1
 c54_packs_of_draw-pack_from_10 r24_units_of_draw-pack -5
 c55_taken_of_draw-pack_from_10 cost 4500000
 c55_taken_of_draw-pack_from_10 r22_least_of_draw-pack_from_10 -2
 c55_taken_of_draw-pack_from_10 r23_most_of_draw-pack_from_10 -2
 c56_packs_of_draw-single_from_1 cost 600000
 c56_packs_of_draw-single_from_1 r25_units_of_draw-single -1
 c57_packs_of_keep_from_1 cost 900000
 c57_packs_of_keep_from_1 r26_units_of_keep -1
 c58_packs_of_new_from_1 cost 2400000
 c58_packs_of_new_from_1 r27_least_of_new_from_1 1
 c58_packs_of_new_from_1 r28_most_of_new_from_1 1
 c58_packs_of_new_from_1 r32_units_of_new -1
 c59_taken_of_new_from_1 r27_least_of_new_from_1 -1
 c59_taken_of_new_from_1 r28_most_of_new_from_1 -9
 c59_taken_of_new_from_1 r31_one_stretch_of_new 1
 c60_packs_of_new_from_10 cost 2000000
 c60_packs_of_new_from_10 r29_least_of_new_from_10 1
 c60_packs_of_new_from_10 r30_most_of_new_from_10 1
 c60_packs_of_new_from_10 r32_units_of_new -1
 c61_taken_of_new_from_10 r29_least_of_new_from_10 -10
 c61_taken_of_new_from_10 r30_most_of_new_from_10 -31
 c61_taken_of_new_from_10 r31_one_stretch_of_new 1
 end 'MARKER' 'INTEND'
RHS
 rhs r0_balance_1 0
 rhs r1_balance_2 0
 rhs r2_balance_3 0
 rhs r3_balance_4 0
 rhs r4_balance_5 0
 rhs r5_balance_6 0
 rhs r6_balance_7 0
 rhs r7_balance_8 1
 rhs r8_balance_9 0
 rhs r9_balance_10 0
 rhs r10_balance_11 0
 rhs r11_balance_12 0
 rhs r12_balance_13 0
 rhs r13_balance_14 20
 rhs r14_balance_15 0
 rhs r15_balance_16 0
 rhs r16_balance_17 0
 rhs r17_balance_18 0
 rhs r18_balance_19 0
 rhs r19_balance_20 0
 rhs r20_balance_21 0
 rhs r21_balance_22 0
 rhs r22_least_of_draw-pack_from_10 0
 rhs r23_most_of_draw-pack_from_10 0
 rhs r24_units_of_draw-pack 0
 rhs r25_units_of_draw-single 0
 rhs r26_units_of_keep 0
 rhs r27_least_of_new_from_1 0
 rhs r28_most_of_new_from_1 0
 rhs r29_least_of_new_from_10 0
 rhs r30_most_of_new_from_10 0
 rhs r31_one_stretch_of_new 1
 rhs r32_units_of_new 0
 rhs r33_level_1_held 0
 rhs r34_level_2_held 0
 rhs r35_level_3_held -38
RANGES
BOUNDS
 LO bound c0_flow_0_GivenUp 0
 UP bound c0_flow_0_GivenUp 121
 LO bound c1_flow_1_GivenUp 0
 UP bound c1_flow_1_GivenUp 121
 LO bound c2_flow_2_GivenUp 0
 UP bound c2_flow_2_GivenUp 121
 LO bound c3_flow_3_GivenUp 0
 UP bound c3_flow_3_GivenUp 121
 LO bound c4_flow_4_Demand 0
 UP bound c4_flow_4_Demand 8
 LO bound c5_flow_5_GivenUp 0
 UP bound c5_flow_5_GivenUp 121
 LO bound c6_flow_6_Demand 0
 UP bound c6_flow_6_Demand 4
 LO bound c7_flow_7_Right 0
 UP bound c7_flow_7_Right 121
 LO bound c8_flow_8_GivenUp 0
 UP bound c8_flow_8_GivenUp 121
 LO bound c9_flow_9_Demand 0
 UP bound c9_flow_9_Demand 8
 LO bound c10_flow_10_Right 0
 UP bound c10_flow_10_Right 121
 LO bound c11_flow_11_Reclaimed_Money_150000__ 0
 UP bound c11_flow_11_Reclaimed_Money_150000__ 1
 LO bound c12_flow_12_GivenUp 0
 UP bound c12_flow_12_GivenUp 121
 LO bound c13_flow_13_Demand 0
 UP bound c13_flow_13_Demand 18
 LO bound c14_flow_14_Right 0
 UP bound c14_flow_14_Right 121
 LO bound c15_flow_15_Idle 0
 UP bound c15_flow_15_Idle 121
 LO bound c16_flow_16_GivenUp 0
 UP bound c16_flow_16_GivenUp 121
 LO bound c17_flow_17_Right 0
 UP bound c17_flow_17_Right 121
 LO bound c18_flow_18_Right 0
 UP bound c18_flow_18_Right 121
 LO bound c19_flow_19_Offered_OfferId_0__ 0
 UP bound c19_flow_19_Offered_OfferId_0__ 121
 LO bound c20_flow_20_GivenUp 0
 UP bound c20_flow_20_GivenUp 121
 LO bound c21_flow_21_Right 0
 UP bound c21_flow_21_Right 121
 LO bound c22_flow_22_GivenUp 0
 UP bound c22_flow_22_GivenUp 121
 LO bound c23_flow_23_Right 0
 UP bound c23_flow_23_Right 121
 LO bound c24_flow_24_Offered_OfferId_1__ 0
 UP bound c24_flow_24_Offered_OfferId_1__ 121
 LO bound c25_flow_25_GivenUp 0
 UP bound c25_flow_25_GivenUp 121
 LO bound c26_flow_26_Right 0
 UP bound c26_flow_26_Right 121
 LO bound c27_flow_27_GivenUp 0
 UP bound c27_flow_27_GivenUp 121
 LO bound c28_flow_28_Right 0
 UP bound c28_flow_28_Right 121
 LO bound c29_flow_29_Idle 0
 UP bound c29_flow_29_Idle 121
 LO bound c30_flow_30_GivenUp 0
 UP bound c30_flow_30_GivenUp 121
 LO bound c31_flow_31_Right 0
 UP bound c31_flow_31_Right 121
 LO bound c32_flow_32_Right 0
 UP bound c32_flow_32_Right 121
 LO bound c33_flow_33_GivenUp 0
 UP bound c33_flow_33_GivenUp 121
 LO bound c34_flow_34_Right 0
 UP bound c34_flow_34_Right 121
 LO bound c35_flow_35_Right 0
 UP bound c35_flow_35_Right 121
 LO bound c36_flow_36_Right 0
 UP bound c36_flow_36_Right 121
 LO bound c37_flow_37_Offered_OfferId_2__ 0
 UP bound c37_flow_37_Offered_OfferId_2__ 121
 LO bound c38_flow_38_GivenUp 0
 UP bound c38_flow_38_GivenUp 121
 LO bound c39_flow_39_Right 0
 UP bound c39_flow_39_Right 121
 LO bound c40_flow_40_GivenUp 0
 UP bound c40_flow_40_GivenUp 121
 LO bound c41_flow_41_GivenUp 0
 UP bound c41_flow_41_GivenUp 121
 LO bound c42_flow_42_Right 0
 UP bound c42_flow_42_Right 121
 LO bound c43_flow_43_Right 0
 UP bound c43_flow_43_Right 121
 LO bound c44_flow_44_GivenUp 0
 UP bound c44_flow_44_GivenUp 121
 LO bound c45_flow_45_Right 0
 UP bound c45_flow_45_Right 121
 LO bound c46_flow_46_Right 0
 UP bound c46_flow_46_Right 121
 LO bound c47_flow_47_Right 0
 UP bound c47_flow_47_Right 121
 LO bound c48_flow_48_Offered_OfferId_3__ 0
 UP bound c48_flow_48_Offered_OfferId_3__ 121
 LO bound c49_flow_49_GivenUp 0
 UP bound c49_flow_49_GivenUp 121
 LO bound c50_flow_50_Right 0
 UP bound c50_flow_50_Right 121
 LO bound c51_flow_51_GivenUp 0
 UP bound c51_flow_51_GivenUp 121
 LO bound c52_flow_52_Right 0
 UP bound c52_flow_52_Right 121
 LO bound c53_flow_53_Right 0
 UP bound c53_flow_53_Right 121
 LO bound c54_packs_of_draw-pack_from_10 0
 UP bound c54_packs_of_draw-pack_from_10 2
 LO bound c55_taken_of_draw-pack_from_10 0
 UP bound c55_taken_of_draw-pack_from_10 1
 LO bound c56_packs_of_draw-single_from_1 0
 UP bound c56_packs_of_draw-single_from_1 9
 LO bound c57_packs_of_keep_from_1 0
 UP bound c57_packs_of_keep_from_1 10
 LO bound c58_packs_of_new_from_1 0
 UP bound c58_packs_of_new_from_1 9
 LO bound c59_taken_of_new_from_1 0
 UP bound c59_taken_of_new_from_1 1
 LO bound c60_packs_of_new_from_10 0
 UP bound c60_packs_of_new_from_10 31
 LO bound c61_taken_of_new_from_10 0
 UP bound c61_taken_of_new_from_10 1
ENDATA
